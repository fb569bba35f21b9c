// What the frame says by itself, besides element-words.js.

import * as element from "./element-words.js";

export { chooseLanguage, direction, explain, LANGUAGES, show } from "./element-words.js";

const WORDS = {
  en: {
    "origins-missing":
      "No page may show this frame yet. Whoever runs it names the pages that may, in the line “moue-origins” of the file embed.html.",
    "origins-invalid":
      "In the line “moue-origins” of the file embed.html, these are not origins: {words}. Write each like https://school.example, without a path.",
    "origin-not-listed":
      "{host} may not show this frame. Whoever runs the frame can add it to the line “moue-origins” of the file embed.html.",
    "bad-parameter": "The address of this frame sets {name} to “{value}”. Allowed: {allowed}.",
    "shared-with": "This frame is part of {host}. What you agree to share goes to that page.",
  },
  de: {
    "origins-missing":
      "Noch darf keine Seite diesen Rahmen zeigen. Wer ihn betreibt, nennt die Seiten, die das dürfen, in der Zeile „moue-origins“ der Datei embed.html.",
    "origins-invalid":
      "In der Zeile „moue-origins“ der Datei embed.html ist das keine Herkunft: {words}. Richtig ist zum Beispiel https://school.example, ohne Pfad.",
    "origin-not-listed":
      "{host} darf diesen Rahmen nicht zeigen. Wer den Rahmen betreibt, kann die Seite in die Zeile „moue-origins“ der Datei embed.html eintragen.",
    "bad-parameter":
      "Die Adresse dieses Rahmens setzt {name} auf „{value}“. Möglich ist: {allowed}.",
    "shared-with":
      "Dieser Rahmen ist Teil von {host}. Was Sie zum Teilen freigeben, geht an diese Seite.",
  },
  fr: {
    "origins-missing":
      "Aucune page ne peut encore afficher ce cadre. La personne qui le gère indique les pages autorisées dans la ligne « moue-origins » du fichier embed.html.",
    "origins-invalid":
      "Dans la ligne « moue-origins » du fichier embed.html, ceci n’est pas une origine : {words}. Écrivez par exemple https://school.example, sans chemin.",
    "origin-not-listed":
      "{host} ne peut pas afficher ce cadre. La personne qui le gère peut ajouter cette page à la ligne « moue-origins » du fichier embed.html.",
    "bad-parameter":
      "L’adresse de ce cadre donne à {name} la valeur « {value} ». Valeurs possibles : {allowed}.",
    "shared-with":
      "Ce cadre fait partie de {host}. Ce que vous acceptez de partager est transmis à cette page.",
  },
  es: {
    "origins-missing":
      "Todavía ninguna página puede mostrar este marco. Quien lo gestiona indica las páginas permitidas en la línea «moue-origins» del archivo embed.html.",
    "origins-invalid":
      "En la línea «moue-origins» del archivo embed.html, esto no es un origen: {words}. Escribe por ejemplo https://school.example, sin ruta.",
    "origin-not-listed":
      "{host} no puede mostrar este marco. Quien gestiona el marco puede añadir esa página a la línea «moue-origins» del archivo embed.html.",
    "bad-parameter":
      "La dirección de este marco da a {name} el valor «{value}». Valores posibles: {allowed}.",
    "shared-with":
      "Este marco forma parte de {host}. Lo que aceptes compartir llega a esa página.",
  },
  ar: {
    "origins-missing":
      "لا يُسمح بعدُ لأي صفحة بعرض هذا الإطار. على من يديره أن يذكر الصفحات المسموح لها في سطر «moue-origins» من الملف embed.html.",
    "origins-invalid":
      "في سطر «moue-origins» من الملف embed.html ما ليس مصدرًا صحيحًا: {words}. اكتب مثلًا https://school.example من دون مسار.",
    "origin-not-listed":
      "لا يُسمح لـ {host} بعرض هذا الإطار. يمكن لمن يدير الإطار إضافة هذه الصفحة إلى سطر «moue-origins» من الملف embed.html.",
    "bad-parameter": "يضبط عنوان هذا الإطار {name} على «{value}». القيم الممكنة: {allowed}.",
    "shared-with": "هذا الإطار جزء من {host}. ما توافق على مشاركته يصل إلى تلك الصفحة.",
  },
  zh: {
    "origins-missing": "目前还没有网页可以显示此框架。请由框架的管理者在文件 embed.html 的“moue-origins”一行中写明允许的网页。",
    "origins-invalid":
      "在文件 embed.html 的“moue-origins”一行中，以下内容不是来源：{words}。请写成 https://school.example 这样的形式，不带路径。",
    "origin-not-listed": "{host} 不可以显示此框架。框架的管理者可以把该网页加入文件 embed.html 的“moue-origins”一行。",
    "bad-parameter": "此框架的地址把 {name} 设为“{value}”。可用的值：{allowed}。",
    "shared-with": "此框架属于 {host}。您同意分享的内容会交给该网页。",
  },
};

/** The names of all sentences. */
export const SENTENCES = [...Object.keys(WORDS.en), ...element.SENTENCES];

/** A sentence in a language, with its gaps filled. */
export const say = (language, name, gaps = {}) => element.say(language, name, gaps, name in WORDS.en ? WORDS : undefined);
