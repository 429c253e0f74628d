/** An approximation of git's rules for ref names. */
export function isRefName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 250 &&
    !/[\s\p{Cc}~^:?*[\\]/u.test(name) &&
    !/(?:^|\/)\.|\.\.|@\{|\/\/|\.lock(?:\/|$)|^[/-]|[/.]$/.test(name)
  );
}
