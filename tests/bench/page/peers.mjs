// One reader of expressions, loaded as its documentation says: a picture in, the largest face's seven
// probabilities out.

const area = ([, , width, height]) => width * height;
const largest = (faces, box) => faces.reduce((best, face) => (!best || area(box(face)) > area(box(best)) ? face : best), null);

async function image(blob) {
  const picture = new Image();
  picture.src = URL.createObjectURL(blob);
  await picture.decode();
  return picture;
}

const READERS = {
  async moue() {
    const { Moue } = await import('/moue/embed.js');
    const moue = await Moue.create({ purpose: 'self-reflection' });
    return async (blob) => {
      const { faces } = await moue.analyze(blob);
      return largest(faces, ({ box }) => [box.x, box.y, box.width, box.height])?.probabilities;
    };
  },

  // What does not concern faces is off, and nothing is carried over from one picture to the next.
  async human() {
    const { default: Human } = await import('/human/dist/human.esm.js');
    const off = { enabled: false };
    const human = new Human({ modelBasePath: '/human/models/', cacheSensitivity: 0, body: off, hand: off, gesture: off });
    await human.load();
    const names = { angry: 'anger' };
    return async (blob) => {
      const { face } = await human.detect(await image(blob));
      const found = largest(face, ({ box }) => box);
      return found && Object.fromEntries((found.emotion ?? []).map(({ emotion, score }) => [names[emotion] ?? emotion, score]));
    };
  },

  async 'face-api'() {
    const faceapi = await import('/face-api/dist/face-api.esm.js');
    await faceapi.tf.setBackend('webgl');
    await faceapi.tf.ready();
    for (const net of ['ssdMobilenetv1', 'faceLandmark68Net', 'faceExpressionNet']) await faceapi.nets[net].loadFromUri('/face-api/model');
    const names = { angry: 'anger', disgusted: 'disgust', fearful: 'fear', surprised: 'surprise' };
    return async (blob) => {
      const faces = await faceapi.detectAllFaces(await image(blob)).withFaceLandmarks().withFaceExpressions();
      const found = largest(faces, ({ detection: { box } }) => [box.x, box.y, box.width, box.height]);
      return found && Object.fromEntries(Object.entries(found.expressions).map(([name, share]) => [names[name] ?? name, share]));
    };
  },
};

let read = null;

/** Loads the reader of this name. */
globalThis.load = async (name) => {
  read = await READERS[name]();
};

/** Reads a picture: `{ shares, millis }`, the shares by expression, or null where no face was found. */
globalThis.readPicture = async (base64, type) => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const blob = new Blob([bytes], { type });
  const began = performance.now();
  const shares = await read(blob);
  return { shares: shares ?? null, millis: performance.now() - began };
};
