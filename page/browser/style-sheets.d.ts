/** Bundled into the page's one file of styles. */
declare module "*.css";
