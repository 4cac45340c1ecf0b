// The arrows between the folders: each may import what stands in its row, and nothing else of the project.
const arrows = {
  "iot-sql": [],
  "environments": ["iot-sql"],
  "lambdas": ["iot-sql"],
  "datasets": ["lambdas"],
  "model": ["environments", "lambdas", "loader"],
  "components": ["datasets", "environments", "lambdas"],
  "infra": ["components", "environments"],
  "graph": ["environments", "infra", "iot-sql"],
  "loader": ["environments"],
  "simulator": ["graph", "iot-sql", "page"],
  "page": ["components"],
};

const cruised = [...Object.keys(arrows), "cli", "lint", "engine", "bench"];
const inTest = "/test/";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Two files that need each other are one idea, or lack a third.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    ...Object.entries(arrows).map(([folder, allowed]) => ({
      name: `arrows-of-${folder}`,
      comment: `${folder} imports ${allowed.length === 0 ? "no other folder" : allowed.join(", ")} of this project, no other folder.`,
      severity: "error",
      from: { path: `^${folder}/`, pathNot: inTest },
      to: { path: `^(${cruised.join("|")})/`, pathNot: `^(${[folder, ...allowed].join("|")})/` },
    })),
    {
      name: "only-cli-imports-simulator",
      comment: "Nothing that is deployed or evaluated may lean on the simulator.",
      severity: "error",
      from: { pathNot: `^(cli|simulator|bench)/|${inTest}` },
      to: { path: "^simulator/" },
    },
    {
      name: "types-only",
      comment:
        "The loader takes environments as data, the simulator a graph, the page a definition; server and page speak of the same things: types only.",
      severity: "error",
      from: { path: "^(loader|simulator|page)/", pathNot: inTest },
      to: {
        path: "^(environments|graph|components|page/(api|bundle))",
        pathNot: "^page/browser/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "free-of-pulumi",
      comment: "What is bundled into a Lambda, or runs without the program, knows nothing of Pulumi.",
      severity: "error",
      from: { path: "^(lambdas|iot-sql|loader|simulator)/", pathNot: inTest },
      to: { path: "node_modules/@pulumi/" },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/node_modules/\\.bin/" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"],
    },
    preserveSymlinks: false,
  },
};
