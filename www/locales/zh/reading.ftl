# What a face looks like: quality, attention, baseline.

## Quality: why no label is claimed, and what helps

quality-too-small = 脸太小，无法判断
quality-too-small-help = 请靠近一些，或换一张更大的图片。
quality-too-dark = 太暗，无法判断
quality-too-dark-help = 请转向光源。
quality-too-bright = 太亮，无法判断
quality-too-bright-help = 请避开强光。
quality-low-contrast = 太淡，无法判断
quality-low-contrast-help = 请擦拭镜头，或让光从一侧照来。
quality-blurred = 太模糊，无法判断
quality-blurred-help = 请保持不动，并对准脸部对焦。
quality-turned-away = 脸转得太偏，无法判断
quality-turned-away-help = 请看向摄像头。
quality-tilted = 脸歪得太多，无法判断
quality-tilted-help = 请把头和摄像头摆正。
unsure-help = 没有哪种表情明显到可以说出来。

## Attention

attention-switch = 显示网络关注的位置
attention-little = 影响小
attention-much = 影响大
attention-note = 每张脸只有 { $across } × { $down } 个区域各有权重，这里画得平滑。它显示哪个区域有影响，而不是原因，而且每张脸往往都差不多。

## Baseline

baseline-start = 与我的中性表情比较
baseline-about = 请放松面部，看着摄像头三秒钟。结果只保留到摄像头停止为止。
baseline-hold = 请保持面部放松：{ $seconds } 秒
baseline-cancel = 取消
baseline-on = 已与您的中性表情比较
baseline-drop = 停止比较
baseline-lost = 三秒内没能看清脸。请再试一次。
