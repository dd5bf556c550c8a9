/** Finds the route that owns a path: the longest entry of the table whose segments lead the path's. Pure. */
import type { Route } from "./routing-table.ts";

interface CompiledRoute {
  readonly segments: readonly string[];
  readonly route: Route;
}

/** @returns a matcher over a table compiled once. */
export function routeMatcher(routes: readonly Route[]): (path: string) => Route | undefined {
  const compiled: CompiledRoute[] = routes
    .map((route) => ({ segments: segmentsOf(route.path), route }))
    .sort((a, b) => b.segments.length - a.segments.length);
  return (path) => {
    const segments = segmentsOf(path);
    return compiled.find((candidate) => leads(candidate.segments, segments))?.route;
  };
}

function segmentsOf(path: string): string[] {
  return path.split("/").slice(1);
}

function leads(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((part, index) => (part === "*" ? (segments[index] ?? "") !== "" : part === segments[index]));
}
