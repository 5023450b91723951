namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>How the report looks: dark on light, on a screen, a telephone and paper.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet. It has no angle bracket and no ampersand, which would read differently as HTML and as XML.</summary>
    public const string Sheet =
        """

        :root { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1rem; max-width: 70rem; background: #ffffff; color: #1a1a1a; font: 1rem/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; border-bottom: 1px solid #c8c8c8; }
        h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; overflow-wrap: anywhere; }
        p { margin: .25rem 0 .75rem; max-width: 48rem; }
        .pair { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
        figure { margin: 0; flex: 1 1 22rem; max-width: 32rem; min-width: 0; width: 100%; }
        .scroll { flex: 1 1 22rem; min-width: 0; max-width: 100%; overflow-x: auto; }
        svg { display: block; width: 100%; height: auto; }
        svg text { font-size: 13px; fill: #1a1a1a; }
        .grid { stroke: #dddddd; stroke-width: 1; }
        .line { fill: none; stroke-width: 2.5; }
        .line.good, .line.model { stroke: #1f5fa8; }
        .line.bad { stroke: #b8410c; stroke-dasharray: 7 3; }
        .line.widest { stroke: #1a1a1a; stroke-dasharray: 2 3; }
        .line.chance { stroke: #767676; stroke-width: 1.5; stroke-dasharray: 4 4; }
        .bar.good { fill: #1f5fa8; }
        .bar.bad { fill: #d9793f; stroke: #b8410c; stroke-width: 1; }
        .dot.model { fill: #1f5fa8; }
        table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding: .25rem 0; }
        th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #e2e2e2; vertical-align: top; }
        th { font-weight: 600; }
        tbody th, thead th:first-child { text-align: left; font-weight: 400; }
        .words td { text-align: left; overflow-wrap: anywhere; }
        .warning { border-left: 4px solid #b8410c; padding-left: .75rem; }
        @media print {
          body { padding: 0; max-width: none; font-size: 10pt; }
          .pair { break-inside: avoid; flex-wrap: nowrap; }
          figure { flex: 0 0 45%; }
          .scroll { overflow: visible; }
          h2, h3 { break-after: avoid; }
          .bar, .dot { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """;
}
