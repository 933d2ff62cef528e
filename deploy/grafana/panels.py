"""What the panels have in common: queries, units, places. Built with Grafana's own SDK."""

from collections.abc import Sequence
from itertools import count

from grafana_foundation_sdk.builders import common, prometheus, stat, table, timeseries
from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.common import (
    BigValueGraphMode,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    DataSourceRef,
    DataTransformerConfig,
    Threshold,
    ThresholdsMode,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")  # a variable: no installation's own UID
Queries = dict[str, str]  # legend -> PromQL
AnyPanel = timeseries.Panel | stat.Panel | table.Panel

SECONDS, PER_SECOND, RATIO, COUNT, BYTES = "s", "cps", "percentunit", "short", "bytes"


def dashboard(
    uid: str, title: str, description: str, rows: Sequence[tuple[str, Sequence[AnyPanel]]]
) -> builders.Dashboard:
    """A dashboard of named rows, with the datasource as a variable and links to the others."""
    result = (
        builders.Dashboard(title)
        .uid(uid)
        .description(description)
        .tags(["streams"])
        .timezone("browser")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .time("now-1h", "now")
        .refresh("30s")
        .with_variable(builders.DatasourceVariable("datasource").label("Prometheus").type("prometheus"))
        .link(builders.DashboardLink("streams").type(DashboardLinkType.DASHBOARDS).tags(["streams"]).keep_time(True))
    )
    ids = count(1)
    for name, panels in rows:
        result = result.with_row(builders.Row(name).id(next(ids)))
        for panel in panels:
            result = result.with_panel(panel.id(next(ids)))
    return result


def graph(
    title: str, description: str, unit: str, queries: Queries, *, span: int = 8, stacked: bool = False
) -> timeseries.Panel:
    """Lines over time, or stacked areas."""
    panel = (
        timeseries.Panel()
        .title(title)
        .description(description)
        .unit(unit)
        .datasource(SOURCE)
        .min(0)
        .span(span)
        .height(8)
        .line_width(1)
        .fill_opacity(40 if stacked else 10)
        .show_points(VisibilityMode.NEVER)
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(True)
        )
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
        .targets(_targets(queries))
    )
    return panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL)) if stacked else panel


def number(
    title: str, description: str, unit: str, query: str, steps: Sequence[tuple[float | None, str]], *, span: int = 4
) -> stat.Panel:
    """The present value, coloured from each step's value on."""
    return (
        stat.Panel()
        .title(title)
        .description(description)
        .unit(unit)
        .datasource(SOURCE)
        .span(span)
        .height(4)
        .graph_mode(BigValueGraphMode.AREA)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .thresholds(
            builders.ThresholdsConfig()
            .mode(ThresholdsMode.ABSOLUTE)
            .steps([Threshold(value=value, color=colour) for value, colour in steps])
        )
        .targets(_targets({"": query}))
    )


def listing(
    title: str, description: str, unit: str, query: str, hidden: Sequence[str], *, span: int = 8
) -> table.Panel:
    """The labels and values of now, one row a series."""
    return (
        table.Panel()
        .title(title)
        .description(description)
        .unit(unit)
        .datasource(SOURCE)
        .span(span)
        .height(8)
        .show_header(True)
        .with_target(
            prometheus.Dataquery().expr(query).instant().format(PromQueryFormat.TABLE).ref_id("A").datasource(SOURCE)
        )
        .with_transformation(
            DataTransformerConfig(id_val="organize", options={"excludeByName": dict.fromkeys(("Time", *hidden), True)})
        )
    )


def _targets(queries: Queries) -> list[Builder[prometheus.Dataquery]]:
    return [
        prometheus.Dataquery()
        .expr(query)
        .range()
        .legend_format(legend)
        .ref_id(chr(ord("A") + place))
        .datasource(SOURCE)
        for place, (legend, query) in enumerate(queries.items())
    ]


def quantiles(histogram: str, labels: str = "", matchers: str = "") -> Queries:
    """Median, 95th and 99th percentile of a histogram, by labels."""
    by = ", ".join(name for name in ("le", labels) if name)
    suffix = f" {{{{{labels}}}}}" if labels else ""
    buckets = f"sum by ({by}) (rate({histogram}_bucket{matchers}[$__rate_interval]))"
    return {
        f"{name}{suffix}": f"histogram_quantile({q}, {buckets})"
        for name, q in (("median", 0.5), ("95 %", 0.95), ("99 %", 0.99))
    }
