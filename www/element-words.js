// What a page around <moue-face> says by itself, be it a frame or a package for learning platforms, in the
// languages of the element. Whatever is said of faces, of the camera and of consent is the element's.

const WORDS = {
  en: {
    "camera-refused-in-frame":
      "If you were not asked for the camera, the page around this frame keeps it to itself: whoever made that page adds allow=\"camera\" to its <iframe>.",
    "lms-refused":
      "The learning platform did not open a session, so it records nothing of this page. You can use it nevertheless.",
    "author-mistaken": "The author of this page has to correct its settings before it can be used.",
    "element-missing":
      "The program of this page did not arrive. Load the page again; if that does not help, whoever runs it checks that all its files were published, embed.js among them.",
  },
  de: {
    "camera-refused-in-frame":
      "Falls nicht nach der Kamera gefragt wurde, behält die Seite um diesen Rahmen sie für sich: Wer jene Seite gemacht hat, ergänzt allow=\"camera\" in ihrem <iframe>.",
    "lms-refused":
      "Die Lernplattform hat keine Sitzung geöffnet und hält nichts von dieser Seite fest. Sie können sie trotzdem benutzen.",
    "author-mistaken": "Diese Seite lässt sich erst benutzen, wenn ihre Autorin oder ihr Autor die Einstellungen berichtigt hat.",
    "element-missing":
      "Das Programm dieser Seite ist nicht angekommen. Laden Sie die Seite neu; hilft das nicht, prüft der Betreiber, ob alle ihre Dateien veröffentlicht sind, darunter embed.js.",
  },
  fr: {
    "camera-refused-in-frame":
      "Si la caméra ne vous a pas été demandée, la page qui entoure ce cadre la garde pour elle : la personne qui a fait cette page ajoute allow=\"camera\" à son <iframe>.",
    "lms-refused":
      "La plateforme d’apprentissage n’a pas ouvert de session : elle n’enregistre rien de cette page. Vous pouvez l’utiliser malgré tout.",
    "author-mistaken": "Cette page ne pourra être utilisée que lorsque la personne qui l’a créée aura corrigé ses réglages.",
    "element-missing":
      "Le programme de cette page n’est pas arrivé. Rechargez la page ; si cela ne suffit pas, la personne qui la gère vérifie que tous ses fichiers sont publiés, dont embed.js.",
  },
  es: {
    "camera-refused-in-frame":
      "Si no se te ha pedido permiso para la cámara, la página que rodea este marco se la reserva: quien hizo esa página añade allow=\"camera\" a su <iframe>.",
    "lms-refused":
      "La plataforma de aprendizaje no ha abierto una sesión, así que no registra nada de esta página. Puedes usarla de todos modos.",
    "author-mistaken": "Esta página no se puede usar hasta que quien la creó corrija su configuración.",
    "element-missing":
      "El programa de esta página no ha llegado. Vuelve a cargar la página; si no basta, quien la gestiona comprueba que todos sus archivos están publicados, entre ellos embed.js.",
  },
  ar: {
    "camera-refused-in-frame":
      "إن لم يُطلب منك الإذن باستعمال الكاميرا، فالصفحة المحيطة بهذا الإطار تحتفظ بها لنفسها: على من أنشأ تلك الصفحة إضافة allow=\"camera\" إلى <iframe> فيها.",
    "lms-refused":
      "لم تفتح منصة التعلّم جلسة، ولذلك لا تسجّل شيئًا من هذه الصفحة. يمكنك استخدامها مع ذلك.",
    "author-mistaken": "لا يمكن استخدام هذه الصفحة قبل أن يصحّح مُعدّها إعداداتها.",
    "element-missing":
      "لم يصل برنامج هذه الصفحة. أعد تحميلها، وإن لم يُجدِ ذلك فعلى من يديرها التحقق من نشر كل ملفاتها، ومنها embed.js.",
  },
  zh: {
    "camera-refused-in-frame":
      "如果没有询问您是否允许使用摄像头，说明框架外的网页没有把它交给此框架：请由该网页的作者在其 <iframe> 中加上 allow=\"camera\"。",
    "lms-refused": "学习平台没有打开会话，因此不会记录此页面的任何内容。您仍然可以使用它。",
    "author-mistaken": "此页面的作者需要先更正其设置，然后才能使用。",
    "element-missing": "此页面的程序没有送达。请重新加载网页；如果仍然不行，请由管理者检查其全部文件（包括 embed.js）是否都已发布。",
  },
};

export const LANGUAGES = Object.keys(WORDS);
/** The names of all sentences. */
export const SENTENCES = Object.keys(WORDS.en);

/** The first of the wanted language tags that there are words for, else English. */
export function chooseLanguage(wanted) {
  for (const tag of wanted) {
    const language = String(tag).toLowerCase().split("-")[0];
    if (LANGUAGES.includes(language)) return language;
  }
  return "en";
}

export const direction = (language) => (language === "ar" ? "rtl" : "ltr");

/** Text of programs within one that is written from right to left: isolated, or it would be torn. */
const LATIN = /[A-Za-z<][\x21-\x7e]*[A-Za-z0-9>"]/g;

/** A sentence of `words` in a language. `{…}` is filled in from `gaps`. */
export function say(language, name, gaps = {}, words = WORDS) {
  const sentence = words[language][name].replace(/\{(\w+)\}/g, (_, gap) => String(gaps[gap]));
  return direction(language) === "rtl" ? sentence.replace(LATIN, "\u2068$&\u2069") : sentence;
}

/** Shows a sentence in a line of the page. */
export function show(line, code, sentence, language) {
  Object.assign(line, { textContent: sentence, lang: language, dir: direction(language), hidden: false });
  line.dataset.code = code;
}

/** Errors of authors, which the element tells as events only. */
const FOR_AUTHORS = ["purpose-missing", "purpose-unknown", "purpose-prohibited", "legal-basis-unknown", "attribute-invalid"];

/** Shows what the element tells only programs, or cannot know. */
export function explain(line, { code, message }, language) {
  if (FOR_AUTHORS.includes(code)) show(line, code, message, "en");
  // Without a word from the browser, a refusal may be the host's.
  else if (code === "camera-refused" && window.parent !== window && !document.featurePolicy) {
    show(line, code, say(language, "camera-refused-in-frame"), language);
  }
}
