# What a face looks like: quality, attention, baseline.

## Quality: why no label is claimed, and what helps

quality-too-small = Trop petit pour se prononcer
quality-too-small-help = Approchez-vous ou prenez une image plus grande.
quality-too-dark = Trop sombre pour se prononcer
quality-too-dark-help = Tournez-vous vers la lumière.
quality-too-bright = Trop clair pour se prononcer
quality-too-bright-help = Détournez-vous de la lumière.
quality-low-contrast = Trop pâle pour se prononcer
quality-low-contrast-help = Essuyez l’objectif ou éclairez d’un côté.
quality-blurred = Trop flou pour se prononcer
quality-blurred-help = Ne bougez pas et faites la mise au point sur le visage.
quality-turned-away = Trop tourné pour se prononcer
quality-turned-away-help = Regardez vers la caméra.
quality-tilted = Trop penché pour se prononcer
quality-tilted-help = Tenez la tête et la caméra droites.
unsure-help = Aucune expression ne ressort assez pour être nommée.

## Attention

attention-switch = Montrer où le réseau regarde
attention-little = compte peu
attention-much = compte beaucoup
attention-note = Seules { $across } sur { $down } zones de chaque visage ont leur propre poids, adoucies ici. On voit quelles zones comptent, pas pourquoi. C’est souvent presque pareil pour tous les visages.

## Baseline

baseline-start = Comparer avec mon visage neutre
baseline-about = Regardez la caméra pendant trois secondes, le visage détendu. Le résultat n’est gardé que jusqu’à l’arrêt de la caméra.
baseline-hold = Gardez le visage détendu : { $seconds } s
baseline-cancel = Annuler
baseline-on = Comparé avec votre visage neutre
baseline-drop = Ne plus comparer
baseline-lost = Le visage n’a pas été assez bien vu pendant trois secondes. Réessayez.
