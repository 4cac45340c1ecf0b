import "./style/page.css";
import "./style/controls.css";
import "./style/visuals.css";
import "./style/live.css";
import "./style/print.css";
import { Page } from "./page.ts";

void new Page(document.body).start();
