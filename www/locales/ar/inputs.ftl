# Photos, folders, videos, the sample.

## الفيديو

video-unsupported = لا يستطيع هذا المتصفح تشغيل الفيديو لأنه لا يملك أداة لفك ترميز صيغته. حوِّله إلى MP4 ‏(H.264) أو WebM ثم افتح الملف الجديد.
video-damaged = الفيديو تالف ولا يمكن متابعة تشغيله. انسخه أو نزِّله من جديد.
video-no-picture = لا يحتوي هذا الملف على صور، بل على صوت فقط. افتح فيديو تظهر فيه وجوه.
video-long = مدة هذا الفيديو أكثر من ساعة. يُقرأ أثناء تشغيله، فأبقِ علامة التبويب مفتوحة وظاهرة. بسرعة ‎4×‎ يستغرق ربع الوقت.
video-controls = الفيديو
video-play = تشغيل
video-pause = إيقاف مؤقت
video-progress = الموضع في الفيديو
video-at = { $time } من { $total }
video-speed = السرعة

## Photos, folders, the sample

choose-folder = اختيار مجلد
album = الصور
album-progress = اكتمل { $done } من { $count } من الصور.
album-refused = تعذّرت قراءة: { $count }.
album-left-out = ملفات أخرى متروكة: { $count }.
album-stop = إيقاف القراءة
album-continue = قراءة الباقي
album-waits = قيد الانتظار
album-said-done = الصور المقروءة: { $count }.
album-none-read = تعذّرت قراءة كل هذه الصور. اختر ملفات PNG أو JPEG أو WebP أو GIF أو BMP.
folder-empty = لا توجد ملفات في هذا المجلد. اختر مجلدًا فيه صور.
folder-no-pictures = لا توجد صور في هذا المجلد. اختر مجلدًا فيه ملفات JPEG أو PNG.
sample-try = جرِّب المثال
sample-drawn = هذه الوجوه الثلاثة رسمها برنامج، ولم يُصوَّر أحد.
