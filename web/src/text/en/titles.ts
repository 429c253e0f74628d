/** Titles of pages, as tabs and history show them. */

const product = "Slipway";

export const title = {
  home: product,
  settings: `Settings · ${product}`,
  admin: `People and plans · ${product}`,
  notFound: `Page not found · ${product}`,
  project: (name: string) => `${name} · ${product}`,
  file: (path: string, name: string) => `${path} · ${name} · ${product}`,
  /** With approvals that wait for the person. */
  pending: (count: number, of: string) => `(${count}) ${of}`,
};

/** Of a page's path, before the page is alive. */
export function titleOf(path: string, projectName: string | undefined): string {
  if (path === "/") return title.home;
  if (path === "/settings") return title.settings;
  if (path === "/admin") return title.admin;
  if (/^\/projects\/[^/]+\/?$/.test(path)) return projectName === undefined ? product : title.project(projectName);
  return title.notFound;
}

export const description =
  "Describe what to build or import a repository, review the agent's changes hunk by hunk, and open a pull request. In your own AWS account.";
