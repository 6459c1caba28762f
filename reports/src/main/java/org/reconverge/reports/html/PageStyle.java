package org.reconverge.reports.html;

import org.reconverge.reports.graph.TopologyGraph;
import org.reconverge.reports.markup.Theme;

/** The style sheet of the page. */
final class PageStyle {

    private PageStyle() {}

    private static final String COLOURS = """
            html { background: $page; color: $ink; }
            a { color: $link; }
            h1, h2, h3, h4, strong { color: $ink; }
            .muted, th, dt, .kicker { color: $muted; }
            table { border-color: $line; }
            th, td { border-color: $line; }
            thead th { border-color: $muted; }
            section, details { border-color: $line; }
            .panel { background: $panel; border-color: $line; }
            .badge { border-color: currentColor; }
            .pass { color: $pass; }
            .fail { color: $fail; }
            .inconclusive { color: $inconclusive; }
            .headline.pass { border-color: $pass; }
            .headline.fail { border-color: $fail; }
            .headline.inconclusive { border-color: $inconclusive; }
            .headline { color: $ink; background: $panel; }
            code { background: $panel; }
            .swatch.c0 { background: $site0; }
            .swatch.c1 { background: $site1; }
            .swatch.c2 { background: $site2; }
            .swatch.c3 { background: $site3; }
            .swatch.c4 { background: $site4; }
            .swatch.c5 { background: $site5; }
            .swatch.elsewhere { background: $elsewhere; }
            .swatch.lost { background: $lost; }
            .swatch.late { background: $late; }
            .swatch.undecided { background: $line; }
            .timeline text { fill: $muted; }
            .timeline .client { fill: $ink; }
            .timeline .note { fill: $ink; }
            .timeline .empty { stroke: $panel; }
            .timeline .rail, .timeline .grid { stroke: $line; }
            .timeline .c0 { stroke: $site0; }
            .timeline .c1 { stroke: $site1; }
            .timeline .c2 { stroke: $site2; }
            .timeline .c3 { stroke: $site3; }
            .timeline .c4 { stroke: $site4; }
            .timeline .c5 { stroke: $site5; }
            .timeline .elsewhere { stroke: $elsewhere; }
            .timeline .undecided { stroke: $line; }
            .timeline .lost { stroke: $lost; }
            .timeline .late { stroke: $late; }
            .timeline .on0 { fill: $on0; }
            .timeline .on1 { fill: $on1; }
            .timeline .on2 { fill: $on2; }
            .timeline .on3 { fill: $on3; }
            .timeline .on4 { fill: $on4; }
            .timeline .on5 { fill: $on5; }
            .timeline .instant { stroke: $ink; }
            .timeline .instant-name { fill: $ink; }
            .timeline .bounds { fill: $ink; }
            .timeline .budget { stroke: $ink; }
            .timeline .budget-name { fill: $ink; }
            .timeline .recovery { fill: $ink; }
            .timeline .route { stroke: $ink; }
            .timeline .session { fill: $ink; }
            .timeline .process { fill: $ink; }
            .timeline .stall { stroke: $muted; }
            """;

    private static final String SHAPES = """
            :root { color-scheme: light dark; }
            * { box-sizing: border-box; }
            body { margin: 0 auto; padding: 24px 20px 64px; max-width: 1180px;
              font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; }
            h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
            h2 { font-size: 20px; margin: 44px 0 12px; }
            h3 { font-size: 17px; margin: 0; }
            h4 { font-size: 14px; margin: 20px 0 6px; }
            p { margin: 6px 0; max-width: 80ch; }
            code { font: 0.92em ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Consolas, monospace;
              padding: 1px 4px; border-radius: 4px; overflow-wrap: anywhere; }
            .kicker { font-size: 13px; letter-spacing: 0.04em; margin: 0; }
            .headline { margin: 18px 0; padding: 14px 18px; border-left: 6px solid; border-radius: 6px; }
            .headline .verdict { font-size: 22px; font-weight: 700; }
            .headline p { margin: 2px 0; }
            .badge { display: inline-block; white-space: nowrap; font-size: 12px; font-weight: 700; padding: 1px 8px;
              border: 1px solid; border-radius: 99px; }
            .scroll { overflow-x: auto; margin: 8px 0; }
            table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid; }
            th { font-weight: 600; font-size: 12px; }
            thead th { vertical-align: bottom; }
            table.wide { width: 100%; }
            table.dense { width: 100%; font-size: 12.5px; }
            table.dense th, table.dense td { padding-right: 10px; }
            table.dense td .line { white-space: normal; min-width: 170px; }
            table.fit th, table.fit td { padding-right: 28px; }
            td.number, th.number { text-align: right; }
            td.number { white-space: nowrap; }
            .reason { display: block; min-width: 210px; margin-top: 3px; }
            td .line { white-space: nowrap; }
            .line { display: block; }
            .nowrap { white-space: nowrap; }
            .muted { font-size: 12.5px; }
            .swatch { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin: 0 5px 0 0; }
            .swatch.lost { border-radius: 0; width: 4px; height: 14px; vertical-align: -2px; }
            .swatch.late { border-radius: 0; width: 4px; height: 14px; vertical-align: -2px; }
            .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 12.5px; margin: 8px 0; }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 18px; margin: 8px 0; }
            dt { font-size: 13px; }
            dd { margin: 0; overflow-wrap: anywhere; }
            ul { margin: 6px 0; padding-left: 20px; }
            .panel { border: 1px solid; border-radius: 8px; padding: 12px 16px; }
            section.scenario { border-top: 1px solid; margin-top: 28px; padding-top: 16px; }
            .scenario-title { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; }
            details { border-top: 1px solid; margin-top: 14px; padding-top: 8px; }
            summary { cursor: pointer; font-weight: 600; font-size: 14px; }
            summary .badge { margin-left: 8px; }
            .digest { font-size: 12px; }
            .rc-topology { display: block; margin: 8px auto; max-width: 100%; height: auto; }
            .timeline { display: block; width: 100%; min-width: 760px; height: auto; margin: 2px 0 10px;
              font: 11px system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; }
            .timeline .client { font-size: 12px; font-weight: 600; }
            .timeline .stream { text-anchor: end; }
            .timeline .tick { text-anchor: middle; }
            .timeline .lane path, .timeline .empty { stroke-width: 11; }
            .timeline .lane .lost, .timeline .lane .late { stroke-width: 16; }
            .timeline .lane .site-name { font-size: 10px; font-weight: 600; pointer-events: none; }
            .timeline .label { fill-opacity: 0; }
            .timeline .rail, .timeline .grid { stroke-width: 1; }
            .timeline .grid { stroke-dasharray: 2 3; }
            .timeline .instant { stroke-width: 1.4; }
            .timeline .instant-name { font-size: 12px; font-weight: 600; }
            .timeline .bounds { fill-opacity: 0.12; }
            .timeline .budget { stroke-width: 1.4; stroke-dasharray: 5 3; fill: none; }
            .timeline .beyond { text-anchor: end; }
            .timeline .route { stroke-width: 1.6; }
            .timeline .stall { stroke-width: 8; }
            @page { margin: 14mm; }
            @media print {
              body { max-width: none; padding: 0; font-size: 11px; }
              .timeline { min-width: 0; }
              .scroll { overflow: visible; }
              svg, tr, .headline { break-inside: avoid; }
              h2, h3, h4 { break-after: avoid; }
              details::details-content { content-visibility: visible; display: block; height: auto; }
              * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
            }
            @media (max-width: 640px) {
              .rc-topology { max-width: none; }
              body { padding: 16px 12px 40px; }
              dl { grid-template-columns: 1fr; gap: 0; }
              dd { margin-bottom: 6px; }
            }
            """;

    static String css() {
        return SHAPES + Theme.apply(COLOURS) + TopologyGraph.css();
    }
}
