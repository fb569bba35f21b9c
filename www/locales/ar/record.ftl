# الخط الزمني والملخص والتصدير.

record-title = الخط الزمني
record-face = الوجه
record-follow = من هو حاضر الآن
record-span = العرض
record-span-minute = الدقيقة الأخيرة
record-span-five-minutes = الدقائق الخمس الأخيرة
record-span-whole = كل شيء
record-live = العودة إلى الآن
record-discard = حذف التسجيل
record-moment = اللحظة
record-chart = سبعة خطوط، واحد لكل تعبير: احتمالات الوجه { $number } من { $from } إلى { $until }. الأرقام في الجدول أدناه.
record-out-of-sight = خارج الصورة
record-not-judged = غير واضح بما يكفي
record-table = الخطوط في جدول
record-table-caption = الأرقام وراء الخطوط مع مرور الوقت.
record-time = الثواني
record-verdict = القراءة

summary-title = التسجيل كله
summary-all = كل الوجوه معًا
summary-length = مدة التسجيل: { $duration }.
summary-faces = { $count ->
    [zero] لا وجوه. من يغادر ثم يعود يُحسب وجهًا آخر.
    [one] وجه واحد. من يغادر ثم يعود يُحسب وجهًا آخر.
    [two] وجهان. من يغادر ثم يعود يُحسب وجهًا آخر.
    [few] { $count } وجوه. من يغادر ثم يعود يُحسب وجهًا آخر.
    [many] { $count } وجهًا. من يغادر ثم يعود يُحسب وجهًا آخر.
   *[other] { $count } وجه. من يغادر ثم يعود يُحسب وجهًا آخر.
}
summary-faceless = لا أحد في الصورة: { $share } من الوقت.
summary-longest = الأطول: { $outcome } ({ $share } من وقت الظهور).
summary-changes = { $count ->
    [zero] لا تغيّر من تعبير إلى آخر.
    [one] تغيّر واحد من تعبير إلى آخر.
    [two] تغيّران من تعبير إلى آخر.
    [few] { $count } تغيّرات من تعبير إلى آخر.
    [many] { $count } تغيّرًا من تعبير إلى آخر.
   *[other] { $count } تغيّر من تعبير إلى آخر.
}
summary-share = حصة الوقت
summary-mean = متوسط الاحتمال

export-recording = حفظ التسجيل أو نسخه
export-photo = حفظ القراءة أو نسخها
export-png = حفظ الصورة (PNG)
export-csv = حفظ بصيغة CSV
export-json = حفظ بصيغة JSON
export-copy = نسخ كنص
export-copy-picture = نسخ الصورة
export-note = صُنع على هذا الجهاز؛ لا يُرسل أي شيء.
export-photos = تضم ملفات CSV وJSON والنص كل الصور المقروءة ({ $count })؛ أما الصورة المحفوظة فهي المعروضة.
export-saved = حُفظ باسم { $name }.
export-copied = تم النسخ.
export-refused = لم يسمح المتصفح بذلك. اسمح به لهذه الصفحة وأعد المحاولة.
export-face = الوجه { $number }: { $outcome } ({ $share })
export-face-unsure = الوجه { $number }: { $outcome }
