/* Draws the page's charts from the rows that stand beside each. Nothing is fetched. `window.raygReady` is kept when all
   are drawn. Without this script every chart's words and table still stand. */
(function () {
  "use strict";
  var specs = window.raygCharts || {};
  var options = { mode: "vega", renderer: "svg", actions: false, tooltip: false, hover: false, ast: true, logLevel: 1 };

  function draw(plot) {
    var spec = JSON.parse(JSON.stringify(specs[plot.dataset.kind]));
    var rows = JSON.parse(plot.parentNode.querySelector("script[type='application/json']").textContent);
    spec.data.forEach(function (set) {
      if (set.name === "rows") { set.values = rows; }
    });
    return window.vegaEmbed(plot, spec, options).then(function () {
      var drawing = plot.querySelector("svg");
      drawing.setAttribute("aria-hidden", "true");
      drawing.setAttribute("focusable", "false");
    });
  }

  function drawAll() {
    var plots = Array.prototype.slice.call(document.querySelectorAll(".plot[data-kind]"));
    return plots.reduce(function (before, plot, at) {
      return before
        .then(function () {
          // a breath now and then, so that the page answers while charts are drawn
          return at % 4 ? null : new Promise(function (go) { setTimeout(go, 0); });
        })
        .then(function () { return draw(plot); });
    }, Promise.resolve());
  }

  window.raygReady = drawAll();
})();
