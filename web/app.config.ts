// SST asks this file for a base path; there is none. Everything else is in vite.config.ts.
export {};
