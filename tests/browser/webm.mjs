// WebM files, taken apart and put together: https://www.matroska.org/technical/elements.html

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const SIMPLE_BLOCK = 0xa3;
const VOID = 0xec;
/** Elements that hold others, of those that matter here. */
const MASTERS = new Set([SEGMENT, CLUSTER, BLOCK_GROUP]);

/** Every element below, masters entered: `[id, content]`. Recorders leave a master's size open. */
function* elements(bytes) {
  let at = 0;
  while (at < bytes.length) {
    const idLength = Math.clz32(bytes[at]) - 23;
    const id = bytes.readUIntBE(at, idLength);
    at += idLength;
    const sizeLength = Math.clz32(bytes[at]) - 23;
    let size = BigInt(bytes[at] & ((1 << (8 - sizeLength)) - 1));
    let open = size === BigInt((1 << (8 - sizeLength)) - 1);
    for (let index = 1; index < sizeLength; index += 1) {
      size = size * 256n + BigInt(bytes[at + index]);
      open &&= bytes[at + index] === 0xff;
    }
    at += sizeLength;
    if (MASTERS.has(id)) {
      yield [id, Buffer.alloc(0)];
      if (open) continue;
      yield* elements(bytes.subarray(at, at + Number(size)));
    } else {
      yield [id, bytes.subarray(at, at + Number(size))];
    }
    at += Number(size);
  }
}

/** The first complete picture of a recording's only track. */
export function keyframe(recording) {
  for (const [id, content] of elements(recording)) {
    // A track's number of one byte, two bytes of time, one of flags. VP8 says itself what is a complete picture.
    if ((id === SIMPLE_BLOCK || id === BLOCK) && (content[4] & 1) === 0) return content.subarray(4);
  }
  throw new Error('no complete picture in the recording');
}

function element(id, ...contents) {
  const content = Buffer.concat(contents.map((it) => (typeof it === 'number' ? unsigned(it) : it)));
  return Buffer.concat([head(id, content.length), content]);
}

function head(id, size) {
  const name = unsigned(id);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE((1n << 56n) | BigInt(size));
  return Buffer.concat([name, length]);
}

function unsigned(value) {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(value, 0, 6);
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first < 0 ? 5 : first);
}

function float(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

const text = (words) => Buffer.from(words, 'latin1');

/**
 * A video in parts to be put one after the other: `picture`, a complete VP8 picture of `width` by `height`, at each of
 * `times` (milliseconds), up to `duration` milliseconds, with an index to seek by. Before every cluster but the first
 * stands the same `padding`, which players skip, so that a file can be large of little.
 */
export function still({ picture, width, height, times, duration, padding = 0 }) {
  const hole = padding > 0 ? Buffer.concat([head(VOID, padding), Buffer.alloc(padding)]) : Buffer.alloc(0);
  const file = element(EBML, element(0x4286, 1), element(0x42f7, 1), element(0x42f2, 4), element(0x42f3, 8), element(0x4282, text('webm')), element(0x4287, 2), element(0x4285, 2));
  const info = element(0x1549a966, element(0x2ad7b1, 1_000_000), element(0x4489, float(duration)), element(0x4d80, text('test')), element(0x5741, text('test')));
  const video = element(0xe0, element(0xb0, width), element(0xba, height));
  const tracks = element(0x1654ae6b, element(0xae, element(0xd7, 1), element(0x73c5, 1), element(0x83, 1), element(0x86, text('V_VP8')), video));
  const clusters = times.map((time) => {
    const block = Buffer.concat([Buffer.from([0x81, 0, 0, 0x80]), picture]);
    return element(CLUSTER, element(0xe7, Buffer.concat([Buffer.alloc(8 - unsigned(time).length), unsigned(time)])), element(SIMPLE_BLOCK, block));
  });
  // Positions count from the segment's content; every one takes eight bytes, so that the index has its size before they are known.
  const index = (start) => element(0x1c53bb6b, ...times.map((time, place) => {
    const position = Buffer.alloc(8);
    position.writeBigUInt64BE(BigInt(start + place * (clusters[0].length + hole.length)));
    const when = Buffer.alloc(8);
    when.writeBigUInt64BE(BigInt(time));
    return element(0xbb, element(0xb3, when), element(0xb7, element(0xf7, 1), element(0xf1, position)));
  }));
  const before = info.length + tracks.length;
  const cues = index(before + index(0).length);
  const size = before + cues.length + clusters.reduce((sum, cluster) => sum + cluster.length, 0) + hole.length * (clusters.length - 1);
  return { head: Buffer.concat([file, head(SEGMENT, size), info, tracks, cues]), clusters, hole };
}
