# Installing, offline, updates.

offline-works = هذه الصفحة محفوظة على جهازك وتُفتح من دون اتصال.
offline-preparing = يجري التحضير للفتح من دون اتصال…
offline-unavailable = لا تُفتح هذه الصفحة إلا مع اتصال: هذا المتصفح لا يحتفظ بنسخة منها.
offline-incomplete = لا تُفتح هذه الصفحة إلا مع اتصال: لم يصل أحد الملفات كاملًا، لذلك لم تُحفظ أي نسخة. أعد تحميلها للمحاولة مرة أخرى.
installed-version = الإصدار { $version }
install-app = التثبيت كتطبيق
update-here = يتوفر إصدار جديد من هذه الصفحة.
update-reload = إعادة التحميل
update-later = لاحقًا
