/** Namespaces whose classes are resources. */
const resourceNamespaces = new Set(["aws", "awsx", "pulumi"]);

/**
 * Constructors of resources copy the arguments that they know and drop the rest without a word. The compiler refuses an unknown
 * one, unless a cast silences it.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const noCastInResourceArguments = {
  meta: {
    type: "problem",
    docs: { description: "forbid casts in the arguments of resources and components" },
    messages: {
      cast:
        "A cast in the arguments of {{constructed}} hides a property that its constructor would drop: " +
        "give the value its type where it is made.",
    },
    schema: [],
  },
  create(context) {
    const report = (node) => {
      const construction = constructionAround(node);
      if (construction === undefined) return;
      const constructed = context.sourceCode.getText(construction.callee);
      context.report({ node, messageId: "cast", data: { constructed } });
    };
    const reportCast = (node) => {
      // `as const` changes no type to another.
      if (context.sourceCode.getText(node.typeAnnotation) !== "const") report(node);
    };
    return {
      TSAsExpression: reportCast,
      TSTypeAssertion: reportCast,
      TSSatisfiesExpression: (node) => {
        if (node.typeAnnotation.type === "TSAnyKeyword") report(node);
      },
    };
  },
};

/** The nearest construction of a resource that has the node among its arguments. */
function constructionAround(node) {
  for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.type === "NewExpression" && inner !== outer.callee && isResource(outer)) return outer;
  }
  return undefined;
}

/** A class of a provider's namespace, or one that is made as a component is: with a name and more. */
function isResource({ callee, arguments: given }) {
  if (callee.type === "Identifier") return given.length >= 2 && !callee.name.endsWith("Error");
  let root = callee;
  while (root.type === "MemberExpression") root = root.object;
  return root.type === "Identifier" && resourceNamespaces.has(root.name);
}
