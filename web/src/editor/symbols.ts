import { ensureSyntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { SyntaxNode } from "@lezer/common";

export interface FileSymbol {
  name: string;
  line: number;
  position: number;
}

/** Declaration nodes, by their names in the grammars. */
const declares =
  /^(?:(?:Async|Generator)?Function|Class|Method|Interface|TypeAlias|Enum|Struct|Trait|Impl|Mod|Type|Const|Namespace|Property|Constructor)(?:Declaration|Definition|Item|Decl|Spec)$/;
const headings = /^(?:ATXHeading|SetextHeading)\d$/;
const names =
  /^(?:VariableDefinition|PropertyDefinition|PrivatePropertyDefinition|TypeDefinition|VariableName|Definition|BoundIdentifier|TypeIdentifier|DefName|FieldName|Name)$/;

/** The declarations of a file in order: functions, classes, types, top-level variables; headings in prose. */
export function symbolsOf(state: EditorState): FileSymbol[] {
  const tree = ensureSyntaxTree(state, state.doc.length, 400);
  const found: FileSymbol[] = [];
  const add = (node: { from: number; to: number }) => {
    const name = state.sliceDoc(node.from, Math.min(node.to, node.from + 120)).split("\n")[0] ?? "";
    if (name.trim() !== "")
      found.push({ name: name.trim(), line: state.doc.lineAt(node.from).number, position: node.from });
  };
  tree?.iterate({
    enter(node) {
      if (headings.test(node.name)) add(node);
      else if (node.name === "RuleSet") add(node.node.firstChild ?? node);
      else if (declares.test(node.name)) {
        const name = nameIn(node.node);
        if (name) add(name);
      } else if (node.name === "VariableDeclaration" && isAtTop(node.node)) {
        for (const name of node.node.getChildren("VariableDefinition")) add(name);
      }
    },
  });
  return found;
}

/** Whether a node encloses lines that belong to what its first line declares. */
export function isScope(node: SyntaxNode): boolean {
  return declares.test(node.name) || node.name === "RuleSet" || node.name === "Element";
}

function nameIn(node: SyntaxNode): SyntaxNode | undefined {
  for (let child = node.firstChild; child; child = child.nextSibling) if (names.test(child.name)) return child;
  return undefined;
}

function isAtTop(node: SyntaxNode): boolean {
  const parent = node.parent?.name === "ExportDeclaration" ? node.parent.parent : node.parent;
  return parent?.parent === null;
}
