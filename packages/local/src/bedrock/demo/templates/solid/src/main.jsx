import { render } from "solid-js/web";
import { App } from "./App.tsx";
import "./style.css";

const root = document.getElementById("root");
if (root === null) throw new Error("#root is missing");
render(() => <App />, root);
