# الكاميرا: الموافقة، وأزرار التحكم، ومؤشر التشغيل، والتفاصيل.

consent-title = قبل تشغيل الكاميرا
consent-picture-title = ماذا يحدث للصورة
consent-picture = تُقرأ كل صورة في علامة التبويب هذه، على جهازك، ثم تُحذف فورًا. لا يُرسَل أي شيء إلى أي مكان، ولا تُحفظ أي صورة.
consent-guess-title = ما الذي تحصل عليه
consent-guess = تخمين لما يبدو عليه التعبير، وكثيرًا ما يكون خاطئًا. وهو لا يعرف ما يشعر به أحد.
consent-not-for-title = ما لا يصلح له
consent-not-for = الحكم على الناس، سواء أكانوا طلابًا أم موظفين أم متقدمين لوظيفة أم غيرهم. وفي الاتحاد الأوروبي يُحظر استنتاج المشاعر في العمل أو في التعليم، إلا لأسباب طبية أو لأسباب تتعلق بالسلامة.
consent-others-title = الآخرون في الصورة
consent-others = يُقرأ وجه كل من يظهر في الصورة أيضًا. أخبرهم أولًا، ولا تبدأ إلا إذا وافقوا.
consent-stop = ما دامت الكاميرا تعمل، تعرض الصفحة عبارة «الكاميرا تعمل» مع زر يوقفها. يمكنك التراجع عن إجابتك في أي وقت عبر «سحب الموافقة». وهي لا تُحفظ إلا على هذا الجهاز.
consent-agree = أوافق، شغّل الكاميرا
consent-decline = ليس الآن
consent-given = لقد وافقت على استخدام الكاميرا.
consent-withdraw = سحب الموافقة
consent-withdrawn = سُحبت موافقتك وأُوقفت الكاميرا. ستُسأل مرة أخرى قبل تشغيلها.

light-on = الكاميرا تعمل
light-paused = الكاميرا تعمل، القراءة متوقفة مؤقتًا
light-stop = إيقاف الكاميرا

camera-picture = الكاميرا
camera-picture-mirrored = الكاميرا، بصورة معكوسة
status-paused = متوقف مؤقتًا. ما زالت الكاميرا تعمل.
status-camera-muted = لا تصل صورة من الكاميرا الآن.
camera-muted = الكاميرا مشغّلة لكنها لا ترسل صورة الآن. ربما يحجبها مفتاحها أو النظام أو برنامج آخر. تُستأنف القراءة من تلقاء نفسها حين تعود الصورة.
camera-pause = إيقاف مؤقت
camera-resume = استئناف
camera-mirror = عكس الصورة
camera-choice = الكاميرا
camera-unnamed = الكاميرا { $number }

details = التفاصيل
details-display = العرض
details-readings = القراءات
details-capture = التقاط الصورة
details-detect = البحث عن الوجوه
details-network = قراءة التعابير
details-total = من الصورة إلى الإجابة
details-in-flight = صور قيد القراءة
details-size = الصورة المقروءة
details-engine = المحرّك
details-per-second = { $rate } في الثانية
details-of-one = { $count } من 1 على الأكثر
details-pixels = { $width } × { $height } بكسل
