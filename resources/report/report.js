// The page is complete without this: it lets a legend entry hold back all other marks, and unfolds what a
// link leads to.
(function () {
  "use strict";
  var chosen = null;
  function classOf(tag) {
    return Array.prototype.find.call(tag.classList, function (name) { return /^k\d+$/.test(name); });
  }
  function show(name) {
    document.querySelectorAll("#map .marks").forEach(function (group) {
      var ofCluster = group.closest("svg").getAttribute("aria-labelledby").indexOf("map-cluster") === 0;
      group.style.opacity = !name || ofCluster || group.classList.contains(name) ? "" : "0.07";
    });
    document.querySelectorAll(".legend .tag").forEach(function (tag) {
      tag.setAttribute("aria-pressed", String(classOf(tag) === name));
    });
  }
  // Newer browsers open what is folded around the target of a link by themselves.
  function unfold() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var folded = target && target.closest("details");
    if (folded && !folded.open) { folded.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
  document.querySelectorAll(".legend .tag").forEach(function (tag) {
    tag.tabIndex = 0;
    tag.setAttribute("role", "button");
    function toggle() {
      chosen = chosen === classOf(tag) ? null : classOf(tag);
      show(chosen);
    }
    tag.addEventListener("click", toggle);
    tag.addEventListener("keydown", function (event) {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); toggle(); }
    });
  });
})();
