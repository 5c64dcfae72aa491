/**
 * Wildcards as access policies use them: `*` stands for any text, `?` for one character. Both sides of a question may be
 * patterns.
 */

/**
 * Whether the pattern matches everything that `wanted` stands for. A wildcard in `wanted` is only matched by a `*`.
 *
 * @example
 * globCovers('s3:*', 's3:Get*') // true
 * globCovers('s3:Get*', 's3:*') // false
 */
export function globCovers(pattern: string, wanted: string): boolean {
  let p = 0;
  let w = 0;
  let star = -1;
  let resume = 0;
  while (w < wanted.length) {
    if (pattern[p] === '*') {
      star = p;
      resume = w;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === wanted[w] || (pattern[p] === '?' && wanted[w] !== '*'))) {
      p += 1;
      w += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      w = resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** Whether some text matches both patterns. */
export function globsOverlap(left: string, right: string): boolean {
  const columns = right.length + 1;
  // reachable[j]: the rest of `left` from the current position can meet the rest of `right` from j.
  let below = new Array<boolean>(columns).fill(false);
  for (let i = left.length; i >= 0; i -= 1) {
    const row = new Array<boolean>(columns).fill(false);
    for (let j = right.length; j >= 0; j -= 1) {
      const a = left[i];
      const b = right[j];
      if (a === undefined && b === undefined) row[j] = true;
      else if (a === '*') row[j] = below[j] === true || (b !== undefined && row[j + 1] === true);
      else if (b === '*') row[j] = row[j + 1] === true || (a !== undefined && below[j] === true);
      else row[j] = a !== undefined && b !== undefined && (a === b || a === '?' || b === '?') && below[j + 1] === true;
    }
    below = row;
  }
  return below[0] === true;
}

/** Whether the text holds a wildcard. */
export const hasWildcard = (text: string): boolean => /[*?]/.test(text);
