# Ce que dit <moue-face> sur les pages d’autrui, en plus des mots de la page.

consent-purpose-title = À quoi cela sert ici
consent-share = Ce site peut recevoir ce qui est lu, sous forme de nombres et sans image, jusqu’à ce que cette case soit décochée.
purpose-self-reflection = Pour que vous regardiez vos propres expressions.
purpose-practice = Pour vous exercer aux expressions, par exemple pour un rôle ou un exposé.
purpose-accessibility = Pour dire les expressions à quelqu’un qui ne les voit pas.
purpose-research = Pour une étude à laquelle vous avez accepté de participer.
purpose-ux-study = Pour savoir, avec votre accord, comment quelque chose est utilisé.
purpose-game = Pour un jeu.
purpose-education-institution = Pour un établissement d’enseignement, qui déclare une raison admise par la loi.
purpose-workplace = Sur un lieu de travail, qui déclare une raison admise par la loi.
embed-stage = Expressions du visage
embed-image = Choisir une photo
embed-drop = Elle est lue sur cet appareil et n’est envoyée nulle part.
embed-camera = L’image de la caméra est lue sur cet appareil et n’est envoyée nulle part.
