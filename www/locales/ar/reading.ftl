# What a face looks like: quality, attention, baseline.

## Quality: why no label is claimed, and what helps

quality-too-small = الوجه أصغر من أن يُقرأ
quality-too-small-help = اقترب أو استخدم صورة أكبر.
quality-too-dark = الوجه أظلم من أن يُقرأ
quality-too-dark-help = استدر نحو الضوء.
quality-too-bright = الوجه أسطع من أن يُقرأ
quality-too-bright-help = ابتعد عن الضوء المباشر.
quality-low-contrast = الوجه أبهت من أن يُقرأ
quality-low-contrast-help = امسح العدسة أو اجعل الضوء من جانب واحد.
quality-blurred = الوجه غير واضح فلا يُقرأ
quality-blurred-help = اثبت مكانك واضبط التركيز على الوجه.
quality-turned-away = الوجه ملتفت أكثر من أن يُقرأ
quality-turned-away-help = انظر نحو الكاميرا.
quality-tilted = الوجه مائل أكثر من أن يُقرأ
quality-tilted-help = أبقِ الرأس والكاميرا مستقيمين.
unsure-help = لا يبرز أي تعبير بما يكفي لتسميته.

## Attention

attention-switch = إظهار أين تنظر الشبكة
attention-little = وزن قليل
attention-much = وزن كبير
attention-note = لكل وجه { $across } في { $down } مناطق فقط لكل منها وزن خاص، مرسومة هنا بنعومة. يُظهر ذلك أي منطقة لها وزن، لا السبب، وغالبًا ما يتشابه في كل الوجوه.

## Baseline

baseline-start = المقارنة بوجهي المحايد
baseline-about = انظر إلى الكاميرا ثلاث ثوانٍ بوجه مسترخٍ. لا تُحفظ النتيجة إلا حتى تتوقف الكاميرا.
baseline-hold = أبقِ وجهك مسترخيًا: { $seconds } ث
baseline-cancel = إلغاء
baseline-on = مقارنةً بوجهك المحايد
baseline-drop = إيقاف المقارنة
baseline-lost = لم يظهر الوجه بوضوح كافٍ لثلاث ثوانٍ. حاول مرة أخرى.
