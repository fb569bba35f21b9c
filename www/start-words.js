// What start.js says of a browser that lacks something, in the page's languages. Fetched only then.
window.startWords = {
  "web-server": {
    en: "Browsers start this page only from a web server. Run “make serve” and open the address that it prints.",
    de: "Browser starten diese Seite nur von einem Webserver. Führen Sie „make serve“ aus und öffnen Sie die Adresse, die es ausgibt.",
    fr: "Les navigateurs ne lancent cette page que depuis un serveur web. Exécutez « make serve » et ouvrez l’adresse affichée.",
    es: "Los navegadores solo inician esta página desde un servidor web. Ejecuta «make serve» y abre la dirección que muestra.",
    ar: "لا تشغّل المتصفحات هذه الصفحة إلا من خادم ويب. نفّذ «make serve» وافتح العنوان الذي يظهر.",
    zh: "浏览器只能从网络服务器启动此页面。请运行“make serve”，然后打开它显示的地址。",
  },
  wasm: {
    en: "This browser does not run WebAssembly, which moue is made of. Update it, or allow WebAssembly if a strict security mode turned it off.",
    de: "Dieser Browser führt kein WebAssembly aus, woraus moue besteht. Aktualisieren Sie ihn, oder erlauben Sie WebAssembly, falls ein strenger Sicherheitsmodus es abgeschaltet hat.",
    fr: "Ce navigateur n’exécute pas WebAssembly, dont moue est fait. Mettez-le à jour, ou autorisez WebAssembly si un mode de sécurité strict l’a désactivé.",
    es: "Este navegador no ejecuta WebAssembly, de lo que está hecho moue. Actualízalo, o permite WebAssembly si un modo de seguridad estricto lo desactivó.",
    ar: "لا يشغّل هذا المتصفح WebAssembly الذي بُني به moue. حدّثه، أو اسمح بـ WebAssembly إن كان وضع أمان صارم قد عطّله.",
    zh: "此浏览器无法运行 WebAssembly，而 moue 由它构成。请更新浏览器；如果严格的安全模式关闭了 WebAssembly，请允许它。",
  },
  "wasm-simd": {
    en: "This browser’s WebAssembly lacks SIMD, which moue computes with. Chrome and Edge have it since 91, Firefox since 89, Safari since 16.4: update an older one, or allow this page what a strict security mode (Lockdown Mode, no just-in-time compiler) turned off.",
    de: "Dem WebAssembly dieses Browsers fehlt SIMD, womit moue rechnet. Chrome und Edge haben es seit 91, Firefox seit 89, Safari seit 16.4: Aktualisieren Sie einen älteren, oder erlauben Sie dieser Seite, was ein strenger Sicherheitsmodus (Blockierungsmodus, kein Just-in-time-Compiler) abgeschaltet hat.",
    fr: "Le WebAssembly de ce navigateur n’a pas SIMD, avec quoi moue calcule. Chrome et Edge l’ont depuis 91, Firefox depuis 89, Safari depuis 16.4 : mettez à jour une version plus ancienne, ou autorisez pour cette page ce qu’un mode de sécurité strict (mode isolement, sans compilateur à la volée) a désactivé.",
    es: "Al WebAssembly de este navegador le falta SIMD, con lo que moue calcula. Chrome y Edge lo tienen desde 91, Firefox desde 89, Safari desde 16.4: actualiza una versión anterior, o permite a esta página lo que un modo de seguridad estricto (modo de aislamiento, sin compilador «just-in-time») desactivó.",
    ar: "يفتقر WebAssembly في هذا المتصفح إلى SIMD التي يحسب بها moue. تتوفر في Chrome وEdge منذ 91، وفي Firefox منذ 89، وفي Safari منذ 16.4: حدّث الأقدم، أو اسمح لهذه الصفحة بما عطّله وضع أمان صارم (وضع المنع، أو بلا مترجم فوري).",
    zh: "此浏览器的 WebAssembly 缺少 moue 计算所需的 SIMD。Chrome 和 Edge 从 91、Firefox 从 89、Safari 从 16.4 起支持：较旧的请更新；如果严格的安全模式（锁定模式、关闭即时编译）关闭了它，请对此页面放行。",
  },
  worker: {
    en: "This browser offers pages no workers, in which moue computes. Update it or use another one.",
    de: "Dieser Browser bietet Seiten keine Worker, in denen moue rechnet. Aktualisieren Sie ihn oder nehmen Sie einen anderen.",
    fr: "Ce navigateur n’offre pas aux pages de workers, dans lesquels moue calcule. Mettez-le à jour ou utilisez-en un autre.",
    es: "Este navegador no ofrece a las páginas «workers», en los que moue calcula. Actualízalo o usa otro.",
    ar: "لا يوفّر هذا المتصفح للصفحات عمّالًا (workers) يحسب فيها moue. حدّثه أو استخدم متصفحًا آخر.",
    zh: "此浏览器不向页面提供 moue 计算所用的 worker。请更新浏览器或换用其他浏览器。",
  },
  "module-worker": {
    en: "This browser’s workers load no modules, of which moue’s is one. Update it: Chrome and Edge do since 80, Safari since 15, Firefox since 114.",
    de: "Die Worker dieses Browsers laden keine Module, und der von moue ist eines. Aktualisieren Sie ihn: Chrome und Edge tun es seit 80, Safari seit 15, Firefox seit 114.",
    fr: "Les workers de ce navigateur ne chargent pas de modules, or celui de moue en est un. Mettez-le à jour : Chrome et Edge le font depuis 80, Safari depuis 15, Firefox depuis 114.",
    es: "Los «workers» de este navegador no cargan módulos, y el de moue es uno. Actualízalo: Chrome y Edge lo hacen desde 80, Safari desde 15, Firefox desde 114.",
    ar: "لا تحمّل عمّال (workers) هذا المتصفح وحدات برمجية، وعامل moue واحدة منها. حدّثه: يدعمها Chrome وEdge منذ 80، وSafari منذ 15، وFirefox منذ 114.",
    zh: "此浏览器的 worker 不能加载模块，而 moue 的 worker 就是模块。请更新浏览器：Chrome 和 Edge 从 80、Safari 从 15、Firefox 从 114 起支持。",
  },
};
