import { forEachChild, type SyntaxNode, type Word } from "unbash";

/**
 * Arithmetic evaluates what a variable holds as an expression, and a subscript in it may run commands: with
 * `c='x[$(rm a)]'`, `$((c))` deletes. So only digits, operators and names known to hold numbers are read for certain.
 */

export interface Assigned {
  name: string;
  /** Undefined for what arithmetic or a redirection assigns, which is a number. */
  word: Word | undefined;
  isNumber: boolean;
  /** All that the name may hold then; undefined when that is not written there. */
  values: readonly Word[] | undefined;
}

/** What a node itself assigns, not its children. */
export function assignedBy(node: SyntaxNode): Assigned[] {
  switch (node.type) {
    case "Assignment": {
      const word = node.value.type === "Word" ? node.value : undefined;
      const values = word === undefined || node.append === true ? undefined : [word];
      return [{ name: node.name, word, isNumber: word !== undefined && isNumber(word), values }];
    }
    case "ParameterExpansion": {
      const { operation, parameter } = node;
      if (operation?.type !== "Default" || !operation.operator.endsWith("=")) return [];
      return [
        {
          name: parameter,
          word: operation.operand,
          isNumber: isNumber(operation.operand),
          values: [operation.operand],
        },
      ];
    }
    case "For": {
      const areNumbers = node.wordlist?.every((word) => isNumber(word) || /^\{\d+\.\.\d+\}$/.test(word.text));
      return [{ name: node.name.value, word: node.name, isNumber: areNumbers === true, values: node.wordlist }];
    }
    case "ArithmeticBinary":
      return /^(?:[-+*/%&|^]|<<|>>)?=$/.test(node.operator) ? assignedNumber(node.left) : [];
    case "ArithmeticUnary":
      return /^(?:\+\+|--)$/.test(node.operator) ? assignedNumber(node.operand) : [];
    case "Redirect":
      return node.descriptor?.type === "FileDescriptorVariable"
        ? [{ name: node.descriptor.name, word: undefined, isNumber: true, values: undefined }]
        : [];
    default:
      return [];
  }
}

function assignedNumber(target: SyntaxNode): Assigned[] {
  return target.type === "ArithmeticWord"
    ? [{ name: target.value, word: undefined, isNumber: true, values: undefined }]
    : [];
}

/** A literal, or what arithmetic has computed. */
function isNumber({ value, text, parts }: Word): boolean {
  if (parts === undefined) return value === text && /^-?\d+$/.test(text);
  return parts.length === 1 && parts[0]?.type === "ArithmeticExpansion";
}

/** What names hold after each of their assignments. One that is never assigned may hold anything. */
export interface Known {
  numbers: ReadonlySet<string>;
  values: ReadonlyMap<string, readonly Word[]>;
}

export const nothingKnown: Known = { numbers: new Set(), values: new Map() };

/** Builtins that may assign what is not seen as an assignment. */
const assigns =
  /^(?:\.|builtin|command|declare|eval|getopts|let|local|mapfile|read|readarray|readonly|source|trap|typeset|unset)$/;

export function knownIn(script: SyntaxNode): Known {
  const assigned: Assigned[] = [];
  let isSeen = true;
  const collect = (node: SyntaxNode): void => {
    if (node.type === "Command" && node.name !== undefined) isSeen &&= !assigns.test(node.name.value);
    assigned.push(...assignedBy(node));
    forEachChild(node, collect);
  };
  collect(script);
  if (!isSeen) return nothingKnown;
  const values = new Map<string, readonly Word[]>();
  const names = Map.groupBy(assigned, ({ name }) => name);
  for (const [name, all] of names)
    if (all.every((each) => each.values !== undefined))
      values.set(
        name,
        all.flatMap((each) => each.values ?? []),
      );
  const numbers = [...names].flatMap(([name, all]) => (all.every(({ isNumber }) => isNumber) ? [name] : []));
  return { numbers: new Set(numbers), values };
}

/** Whether evaluating this runs nothing: it must be an expression, or bash may take it for two subshells. */
export function isNumeric(expression: string, numbers: ReadonlySet<string>): boolean {
  const plain = expression.replace(/\$(?:[#?]|\{#\w+\})/g, "0").replace(/\$\{([A-Za-z_]\w*)\}(?!\w)/g, "$$$1");
  if (!/^[\w\s$+\-*/%()<>=!&|?:,]*$/.test(plain)) return false;
  // Two values side by side, a name that is put together, a parameter without a name.
  if (/[\w)]\s+[\w$(]|\w\$|\$(?![A-Za-z_])/.test(plain)) return false;
  return [...plain.matchAll(/(?<!\w)[A-Za-z_]\w*/g)].every(([name]) => numbers.has(name));
}

/** The same where nothing says that it is evaluated: subscripts, offsets and operands, which must assign nothing. */
export function isNumericWord({ text }: Word, numbers: ReadonlySet<string>): boolean {
  const unquoted = /^"([^"]*)"$/.exec(text)?.[1] ?? text;
  return !/=|\+\+|--/.test(unquoted) && isNumeric(unquoted, numbers);
}

export function isPlainSubscript(index: Word, numbers: ReadonlySet<string>): boolean {
  return /^[@*]$/.test(index.text) || isNumericWord(index, numbers);
}
