# Lo que dice <moue-face> en páginas ajenas, además de las palabras de la página.

consent-purpose-title = Para qué sirve aquí
consent-share = Este sitio puede recibir lo que se lee, como números y sin imagen, hasta que se desmarque esta casilla.
purpose-self-reflection = Para que mires tus propias expresiones.
purpose-practice = Para que practiques expresiones, por ejemplo para un papel o una charla.
purpose-accessibility = Para decir las expresiones a alguien que no las ve.
purpose-research = Para un estudio en el que aceptaste participar.
purpose-ux-study = Para saber, con tu acuerdo, cómo se usa algo.
purpose-game = Para un juego.
purpose-education-institution = Para un centro educativo, que declara una razón que la ley permite.
purpose-workplace = En un lugar de trabajo, que declara una razón que la ley permite.
embed-stage = Expresiones faciales
embed-image = Elegir una foto
embed-drop = Se lee en este dispositivo y no se envía a ninguna parte.
embed-camera = La imagen de la cámara se lee en este dispositivo y no se envía a ninguna parte.
