// One .zip of several texts, uncompressed: a browser lets a page download ten files at once, and asks about the others.
const CRC = Uint32Array.from({ length: 256 }, (_none, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xEDB88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

// Numbers of two or four bytes, the small end first.
function numbers(...pairs) {
  return pairs.flatMap(([value, size]) => Array.from({ length: size }, (_none, i) => (value >>> (8 * i)) & 255));
}

// `files`: pairs of a name and a text; the names of the format's fields stand in PKWARE's APPNOTE.TXT, 4.3.
function zip(files, now = new Date()) {
  const day = (now.getFullYear() - 1980) << 9 | (now.getMonth() + 1) << 5 | now.getDate();
  const time = now.getHours() << 11 | now.getMinutes() << 5 | now.getSeconds() >> 1;
  const encode = text => new TextEncoder().encode(text);
  const parts = [], directory = [];
  let offset = 0, listed = 0;
  const add = (to, ...added) => {
    to.push(...added);
    return added.reduce((sum, part) => sum + part.length, 0);
  };
  for (const [name, text] of files) {
    const [path, content] = [encode(name), encode(text)];
    // version, flags (names in UTF-8), method, time, day, CRC-32, size and size, length of the name, of more
    const about = numbers([20, 2], [0x800, 2], [0, 2], [time, 2], [day, 2], [crc32(content), 4], [content.length, 4],
      [content.length, 4], [path.length, 2], [0, 2]);
    // length of the comment, disk, attributes within and without, where the file begins
    const place = numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]);
    listed += add(directory, Uint8Array.of(...numbers([0x02014B50, 4], [20, 2]), ...about, ...place), path);
    offset += add(parts, Uint8Array.of(...numbers([0x04034B50, 4]), ...about), path, content);
  }
  const count = files.length;
  const end = numbers([0x06054B50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [listed, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...directory, Uint8Array.of(...end)], { type: "application/zip" });
}
