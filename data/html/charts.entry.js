// What the page takes from d3-hierarchy; .ci/charts makes charts.js of it.
export { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
