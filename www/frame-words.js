// What the frame says by itself, in the languages of the page. Whatever is said of faces, of the
// camera and of consent is the element's. `{…}` is filled in by `say`.

const WORDS = {
  en: {
    "origins-missing":
      "No page may show this frame yet. Whoever runs it names the pages that may, in the line “moue-origins” of the file embed.html.",
    "origins-invalid":
      "In the line “moue-origins” of the file embed.html, these are not origins: {words}. Write each like https://school.example, without a path.",
    "origin-not-listed":
      "{host} may not show this frame. Whoever runs the frame can add it to the line “moue-origins” of the file embed.html.",
    "bad-parameter": "The address of this frame sets {name} to “{value}”. Allowed: {allowed}.",
    "camera-refused-in-frame":
      "If you were not asked for the camera, the page around this frame keeps it to itself: whoever made that page adds allow=\"camera\" to its <iframe>.",
    "element-missing":
      "The program of this frame did not arrive. Load the page again; if that does not help, whoever runs it checks that embed.js lies beside embed.html.",
    "shared-with": "This frame is part of {host}. What you agree to share goes to that page.",
  },
  de: {
    "origins-missing":
      "Noch darf keine Seite diesen Rahmen zeigen. Wer ihn betreibt, nennt die Seiten, die das dürfen, in der Zeile „moue-origins“ der Datei embed.html.",
    "origins-invalid":
      "In der Zeile „moue-origins“ der Datei embed.html ist das keine Herkunft: {words}. Richtig ist zum Beispiel https://school.example, ohne Pfad.",
    "origin-not-listed":
      "{host} darf diesen Rahmen nicht zeigen. Wer den Rahmen betreibt, kann die Seite in die Zeile „moue-origins“ der Datei embed.html eintragen.",
    "bad-parameter": "Die Adresse dieses Rahmens setzt {name} auf „{value}“. Möglich ist: {allowed}.",
    "camera-refused-in-frame":
      "Falls nicht nach der Kamera gefragt wurde, behält die Seite um diesen Rahmen sie für sich: Wer jene Seite gemacht hat, ergänzt allow=\"camera\" in ihrem <iframe>.",
    "element-missing":
      "Das Programm dieses Rahmens ist nicht angekommen. Laden Sie die Seite neu; hilft das nicht, prüft der Betreiber, ob embed.js neben embed.html liegt.",
    "shared-with": "Dieser Rahmen ist Teil von {host}. Was Sie zum Teilen freigeben, geht an diese Seite.",
  },
  fr: {
    "origins-missing":
      "Aucune page ne peut encore afficher ce cadre. La personne qui le gère indique les pages autorisées dans la ligne « moue-origins » du fichier embed.html.",
    "origins-invalid":
      "Dans la ligne « moue-origins » du fichier embed.html, ceci n’est pas une origine : {words}. Écrivez par exemple https://school.example, sans chemin.",
    "origin-not-listed":
      "{host} ne peut pas afficher ce cadre. La personne qui le gère peut ajouter cette page à la ligne « moue-origins » du fichier embed.html.",
    "bad-parameter": "L’adresse de ce cadre donne à {name} la valeur « {value} ». Valeurs possibles : {allowed}.",
    "camera-refused-in-frame":
      "Si la caméra ne vous a pas été demandée, la page qui entoure ce cadre la garde pour elle : la personne qui a fait cette page ajoute allow=\"camera\" à son <iframe>.",
    "element-missing":
      "Le programme de ce cadre n’est pas arrivé. Rechargez la page ; si cela ne suffit pas, la personne qui la gère vérifie qu’embed.js se trouve à côté d’embed.html.",
    "shared-with": "Ce cadre fait partie de {host}. Ce que vous acceptez de partager est transmis à cette page.",
  },
  es: {
    "origins-missing":
      "Todavía ninguna página puede mostrar este marco. Quien lo gestiona indica las páginas permitidas en la línea «moue-origins» del archivo embed.html.",
    "origins-invalid":
      "En la línea «moue-origins» del archivo embed.html, esto no es un origen: {words}. Escribe por ejemplo https://school.example, sin ruta.",
    "origin-not-listed":
      "{host} no puede mostrar este marco. Quien gestiona el marco puede añadir esa página a la línea «moue-origins» del archivo embed.html.",
    "bad-parameter": "La dirección de este marco da a {name} el valor «{value}». Valores posibles: {allowed}.",
    "camera-refused-in-frame":
      "Si no se te ha pedido permiso para la cámara, la página que rodea este marco se la reserva: quien hizo esa página añade allow=\"camera\" a su <iframe>.",
    "element-missing":
      "El programa de este marco no ha llegado. Vuelve a cargar la página; si no basta, quien la gestiona comprueba que embed.js está junto a embed.html.",
    "shared-with": "Este marco forma parte de {host}. Lo que aceptes compartir llega a esa página.",
  },
  ar: {
    "origins-missing":
      "لا يُسمح بعدُ لأي صفحة بعرض هذا الإطار. على من يديره أن يذكر الصفحات المسموح لها في سطر «moue-origins» من الملف embed.html.",
    "origins-invalid":
      "في سطر «moue-origins» من الملف embed.html ما ليس مصدرًا صحيحًا: {words}. اكتب مثلًا https://school.example من دون مسار.",
    "origin-not-listed":
      "لا يُسمح لـ {host} بعرض هذا الإطار. يمكن لمن يدير الإطار إضافة هذه الصفحة إلى سطر «moue-origins» من الملف embed.html.",
    "bad-parameter": "يضبط عنوان هذا الإطار {name} على «{value}». القيم الممكنة: {allowed}.",
    "camera-refused-in-frame":
      "إن لم يُطلب منك الإذن باستعمال الكاميرا، فالصفحة المحيطة بهذا الإطار تحتفظ بها لنفسها: على من أنشأ تلك الصفحة إضافة allow=\"camera\" إلى <iframe> فيها.",
    "element-missing":
      "لم يصل برنامج هذا الإطار. أعد تحميل الصفحة، وإن لم يُجدِ ذلك فعلى من يديرها التحقق من وجود embed.js بجانب embed.html.",
    "shared-with": "هذا الإطار جزء من {host}. ما توافق على مشاركته يصل إلى تلك الصفحة.",
  },
  zh: {
    "origins-missing": "目前还没有网页可以显示此框架。请由框架的管理者在文件 embed.html 的“moue-origins”一行中写明允许的网页。",
    "origins-invalid": "在文件 embed.html 的“moue-origins”一行中，以下内容不是来源：{words}。请写成 https://school.example 这样的形式，不带路径。",
    "origin-not-listed": "{host} 不可以显示此框架。框架的管理者可以把该网页加入文件 embed.html 的“moue-origins”一行。",
    "bad-parameter": "此框架的地址把 {name} 设为“{value}”。可用的值：{allowed}。",
    "camera-refused-in-frame": "如果没有询问您是否允许使用摄像头，说明框架外的网页没有把它交给此框架：请由该网页的作者在其 <iframe> 中加上 allow=\"camera\"。",
    "element-missing": "此框架的程序没有送达。请重新加载网页；如果仍然不行，请由管理者检查 embed.js 是否与 embed.html 放在一起。",
    "shared-with": "此框架属于 {host}。您同意分享的内容会交给该网页。",
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

/** A sentence in a language, with its gaps filled. */
export function say(language, name, gaps = {}) {
  const sentence = WORDS[language][name].replace(/\{(\w+)\}/g, (_, gap) => String(gaps[gap]));
  return direction(language) === "rtl" ? sentence.replace(LATIN, "\u2068$&\u2069") : sentence;
}
