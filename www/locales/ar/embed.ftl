# ما يقوله <moue-face> في صفحات الآخرين، إضافةً إلى كلمات الصفحة.

consent-purpose-title = الغرض منه هنا
consent-share = يجوز لهذا الموقع أن يتلقّى ما يُقرأ، أرقامًا ومن دون صورة، إلى أن تُزال هذه العلامة.
purpose-self-reflection = لتنظر إلى تعابيرك أنت.
purpose-practice = لتتمرّن على التعابير، لدورٍ أو لحديثٍ مثلًا.
purpose-accessibility = لإخبار من لا يرى التعابير بها.
purpose-research = لدراسةٍ وافقتَ على المشاركة فيها.
purpose-ux-study = لمعرفة كيفية استخدام شيءٍ ما، بموافقتك.
purpose-game = للعبة.
purpose-education-institution = لمؤسسة تعليمية تعلن سببًا يسمح به القانون.
purpose-workplace = في مكان عمل، يعلن سببًا يسمح به القانون.
embed-stage = تعابير الوجه
embed-image = اختر صورة
embed-drop = تُقرأ على هذا الجهاز ولا تُرسل إلى أي مكان.
embed-camera = تُقرأ صورة الكاميرا على هذا الجهاز ولا تُرسل إلى أي مكان.
