/** Git LFS commits a small text, the pointer, in place of a large file. */

export function isPointer(bytes: Uint8Array): boolean {
  return (
    bytes.length < 1024 &&
    Buffer.from(bytes.subarray(0, 60)).toString("latin1").startsWith("version https://git-lfs.github.com/spec/")
  );
}

export const pointerMessage = "Stored in Git LFS. The project has the pointer, not the file.";
