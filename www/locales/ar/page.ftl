# The page: its frame, its states, its errors.

## Frame

page-title = moue: كيف يبدو هذا الوجه؟
brand-link = moue، صفحة البداية
headline = كيف يبدو هذا الوجه؟
language = اللغة
promise = صورتك لا تغادر هذا الجهاز أبدًا.
promise-check = كيف تتحقق من ذلك
promise-how = يجري العثور على الوجوه وقراءتها في علامة التبويب هذه. وبعد وصول النموذج لا ترسل الصفحة أي طلب: افتح أدوات المطوّر في متصفحك واختر «الشبكة» ثم أفلت صورة، أو افصل الشبكة وتابع. ولا تُحفظ أي صورة أيضًا؛ أغلق علامة التبويب فتختفي.
about-lead = تخمين عن وجه، لا عن شعور.
about-short = تسمّي الشبكة ما يبدو عليه التعبير، وكثيرًا ما تخطئ. وهي ليست للحكم على التلاميذ أو الموظفين أو المتقدمين لوظيفة أو أي شخص لم يوافق على ذلك.
model-accuracy = يسمّي { $share } من PrivateTest في FER2013 كما سمّاها من وضعوا تسمياتها
close = إغلاق
retry = حاول مرة أخرى
detail = تفصيل تقني:

## Loading

loading-program = جارٍ تحميل المحرّك…
loading-model = جارٍ تحميل النموذج…
loading-model-share = جارٍ تحميل النموذج… { $received } من { $total } ميغابايت
loading-engine = جارٍ تشغيل المحرّك…
loading-warm-up = جارٍ فحص النموذج وتهيئته…

## Stage and controls

stage = الصورة
photo-alt = الصورة التي قُرئت
busy = جارٍ البحث عن وجوه…
drop-here = أفلت صورة هنا
drop-or = أو ألصق صورة، أو اختر واحدة، أو شغّل الكاميرا
choose-photo = اختر صورة
choose-another = اختر صورة أخرى
remove-photo = أزل الصورة
camera-start = شغّل الكاميرا
camera-stop = أوقف الكاميرا
status-photo-waits = ستُقرأ صورتك حالما يصل النموذج.
status-loading = جارٍ التحميل
status-not-running = متوقّف
status-reading = جارٍ قراءة الصورة…
status-camera-asked = يطلب متصفحك الإذن باستخدام الكاميرا.
status-camera-starts = الكاميرا تبدأ…
status-ready = جاهز
status-no-face = لم يُعثر على وجه
faces = { $count ->
    [zero] لا وجوه
    [one] وجه واحد
    [two] وجهان
    [few] { $count } وجوه
    [many] { $count } وجهًا
   *[other] { $count } وجه
}

## Readings

readings = القراءات
readings-hint = ستظهر هنا لكل وجه سبعة تعابير، ومع كل تعبير احتماله.
no-face-hint = لم يُعثر على وجه. جرّب صورة فيها وجه ينظر نحو الكاميرا، جيّد الإضاءة وليس صغيرًا جدًا.
left-out = { $count ->
    [zero] لم يُترك أي وجه.
    [one] عُثر على وجه آخر وتُرك. اقتصّ الصورة لقراءته.
    [two] عُثر على وجهين آخرين وتُركا. اقتصّ الصورة لقراءتهما.
    [few] عُثر على { $count } وجوه أخرى وتُركت. اقتصّ الصورة لقراءتها.
    [many] عُثر على { $count } وجهًا آخر وتُركت. اقتصّ الصورة لقراءتها.
   *[other] عُثر على { $count } وجه آخر وتُركت. اقتصّ الصورة لقراءتها.
}
timing = عُثر عليه في { $detect }، وقُرئ في { $network }
face-number = الوجه { $number }
emotion-anger = غضب
emotion-disgust = اشمئزاز
emotion-fear = خوف
emotion-happy = سعادة
emotion-sad = حزن
emotion-surprise = دهشة
emotion-neutral = محايد
verdict-anger = يبدو غاضبًا
verdict-disgust = يبدو مشمئزًا
verdict-fear = يبدو خائفًا
verdict-happy = يبدو سعيدًا
verdict-sad = يبدو حزينًا
verdict-surprise = يبدو مندهشًا
verdict-neutral = يبدو محايدًا
verdict-unsure = غير مؤكّد

# Heard by screen readers. $verdict is one of the verdict-… messages.
said-no-face = لم يُعثر على وجه.
said-face = الوجه { $verdict }.
said-face-unsure = الوجه: غير مؤكّد.
said-face-number = الوجه { $number } { $verdict }.
said-face-number-unsure = الوجه { $number }: غير مؤكّد.
said-left-out = { $count ->
    [zero] لم يُترك أي وجه.
    [one] تُرك وجه آخر.
    [two] تُرك وجهان آخران.
    [few] تُركت { $count } وجوه أخرى.
    [many] تُرك { $count } وجهًا آخر.
   *[other] تُرك { $count } وجه آخر.
}

## Engine

engine-webgpu = الحساب بواسطة WebGPU على { $adapter }
engine-cpu = الحساب على المعالج: { $reason }
cpu-chosen = اختير في العنوان
cpu-webgpu-stopped = توقّف WebGPU
cpu-no-adapter = لا يوفّر هذا المتصفح محوّل WebGPU
cpu-software-adapter = محوّل WebGPU برمجي فقط
cpu-webgpu-no-start = لم يبدأ WebGPU

## Camera

camera-refused = لم يُسمح بالكاميرا. اسمح بها عبر رمز الكاميرا أو القفل بجانب العنوان ثم شغّلها من جديد. والصورة تعمل من دونها.
camera-missing = لم يُعثر على كاميرا. صِل واحدة وابدأ من جديد، أو أفلت صورة بدلًا من ذلك.
camera-in-use = الكاميرا قيد الاستخدام في برنامج آخر. أغلق البرنامج أو علامة التبويب التي تعرض الكاميرا ثم شغّلها من جديد.
camera-insecure-page = لا تمنح المتصفحات الكاميرا إلا لصفحات على https:// أو localhost. افتح هذه الصفحة بعنوان آمن، أو أفلت صورة بدلًا من ذلك.
camera-no-interface = لا يوفّر هذا المتصفح الكاميرا للصفحات. حدّثه أو استخدم متصفحًا آخر، أو أفلت صورة بدلًا من ذلك.
camera-ended = توقّفت الكاميرا من تلقاء نفسها. تحقّق من توصيلها ثم شغّلها من جديد. الصور ومقاطع الفيديو تعمل من دونها.
camera-other = لم تبدأ الكاميرا. شغّلها من جديد، أو أفلت صورة بدلًا من ذلك.
camera-hidden = أُوقفت الكاميرا لأن علامة التبويب كانت مخفية.

## Files

nothing-to-read = لم تكن في ذلك صورة. أفلت ملف صورة أو ألصقه، مثل JPEG أو PNG.
file-too-large = حجم هذا الملف { $size } ميغابايت؛ ويمكن قراءة صور حتى { $limit } ميغابايت. احفظه بحجم أصغر وحاول مرة أخرى.
file-unreadable = لم يتمكّن المتصفح من فتح هذا الملف. اختره من جديد.

## Failures: headings

title-lost = أضاعت الصفحة الخيط
title-old-copy = نسخة قديمة من الصفحة تعيق العمل
title-no-start = لم يبدأ المحرّك
title-stopped = توقّف المحرّك
title-no-web-gpu = لا يوجد WebGPU هنا
title-model-missing = لم يصل النموذج
title-model-incomplete = وصل النموذج ناقصًا
title-model-damaged = النموذج تالف
title-model-version = النموذج من إصدار آخر
title-detector = باحث الوجوه تالف
title-picture = لا يمكن قراءة هذه الصورة
title-reading = فشلت قراءة هذه الصورة

## Failures: what to do

no-workers = لا يشغّل هذا المتصفح عمّالًا (workers) لهذه الصفحة. حدّثه، أو اسمح بهم لهذا الموقع.
engine-fell-back = توقّف WebGPU، فتولّى المعالج العمل. اختر الصورة من جديد عندما يصبح جاهزًا.
error-bad-message = لم تتفاهم الصفحة ومحرّكها. أعد تحميل الصفحة.
error-version-mismatch = الصفحة ومحرّكها من إصدارين مختلفين، فأحدهما نسخة قديمة. أعد تحميل الصفحة من دون ذاكرة التخزين المؤقت (Ctrl+Shift+R).
error-engine-start = لم يبدأ المحرّك. حاول مرة أخرى، أو أضف ?engine=cpu إلى العنوان.
error-engine-crashed = توقّف المحرّك فجأة. حاول مرة أخرى.
error-no-web-gpu = لا يوفّر هذا المتصفح محوّل WebGPU. احذف engine=webgpu من العنوان فيتولّى المعالج العمل.
error-model-download = لم يصل النموذج. تحقّق من الاتصال وحاول مرة أخرى.
error-model-truncated = لم يصل ملف النموذج كاملًا. حاول مرة أخرى.
error-model-damaged = ملف النموذج تالف أو تغيّر في الطريق. حاول مرة أخرى.
error-model-version = النموذج والصفحة من إصدارين مختلفين. أعد تحميل الصفحة؛ وإن لم ينفع ذلك فأخبر من يدير هذا الموقع.
error-manifest-invalid = لا يمكن قراءة وصف النموذج (البيان). حاول لاحقًا، أو أخبر من يدير هذا الموقع.
error-model-invalid = النموذج لا يناسب هذه الصفحة. أخبر من يدير هذا الموقع.
error-detector-invalid = لا يمكن قراءة الجزء الذي يعثر على الوجوه. أعد تحميل الصفحة.
error-empty-file = الملف فارغ. اختره من جديد، أو نزّله مرة أخرى.
error-not-an-image = هذه ليست صورة يمكن قراءتها. اختر ملف PNG أو JPEG أو WebP أو GIF أو BMP.
error-unsupported-format = لا يمكن هنا قراءة صور بهذا التنسيق. احفظ الصورة بتنسيق PNG أو JPEG واختر ذلك.
error-picture-too-large = في الصورة عدد كبير جدًا من البكسلات. احفظها أصغر وحاول مرة أخرى.
error-truncated-file = ينتهي الملف قبل أوانه، وجزء منه مفقود. انسخه أو نزّله من جديد.
error-damaged-file = ملف الصورة تالف. افتحه في محرّر صور واحفظه من جديد، أو نزّله مرة أخرى.
error-not-ready = ما زال المحرّك قيد التحميل. انتظره ثم حاول مرة أخرى.
error-engine-failed = فشلت قراءة هذه الصورة. حاول مرة أخرى، أو أضف ?engine=cpu إلى العنوان.
