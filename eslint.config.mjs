import pulumi from "@pulumi/eslint-plugin";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import { noCastInResourceArguments } from "./lint/no-cast-in-resource-arguments.mjs";

export default defineConfig(
  { ignores: ["**/node_modules/", ".metercast/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // A parameter that is not used says by "_" that this is meant.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ["**/test/**/*.ts"],
    rules: {
      // chai's assertions are expressions: expect(x).to.be.true.
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
  {
    files: ["infra/**/*.ts", "components/**/*.ts", "graph/test/**/*.ts"],
    plugins: {
      "@pulumi": pulumi,
      "metercast": { rules: { "no-cast-in-resource-arguments": noCastInResourceArguments } },
    },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "metercast/no-cast-in-resource-arguments": "error",
    },
  },
  // Declarations of packages that have none: what they declare is used elsewhere.
  { files: ["**/*.d.ts"], rules: { "@typescript-eslint/no-unused-vars": "off" } },
  // Outside the program's tsconfig.
  {
    files: ["lint/**/*.ts"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
);
