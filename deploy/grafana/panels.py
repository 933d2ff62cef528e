"""What the panels have in common: queries, units, places. Built with Grafana's own SDK."""

from collections.abc import Sequence
from itertools import count
from typing import TypeVar

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
    VariableOption,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")  # a variable: no installation's own UID
Panel = TypeVar("Panel", timeseries.Panel, stat.Panel)
Queries = dict[str, str]  # legend -> PromQL
AnyPanel = timeseries.Panel | stat.Panel | table.Panel | builders.Panel

# A query is of the workers that are chosen above the panels; a recorded series (level:metric:operation) is of them all.
CHOSEN = 'job=~"$job", instance=~"$instance"'
WORKERS = f"{{{CHOSEN}}}"

SECONDS, PER_SECOND, RATIO, COUNT, BYTES = "s", "cps", "percentunit", "short", "bytes"


def dashboard(
    uid: str,
    title: str,
    description: str,
    rows: Sequence[tuple[str, Sequence[AnyPanel]]],
    found_by: str = "news_build_info",
    prefix: str = "",
) -> builders.Dashboard:
    """A dashboard of named rows, with links to the others that take the choices along.

    Datasource, job and instance are variables: of the jobs and instances that have the metric `found_by`. Those of
    other processes than the workers have a prefix, or a link would take a choice of workers along to them.
    """
    instances = f'label_values({found_by}{{job=~"${prefix}job"}}, instance)'
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
        .with_variable(choice(f"{prefix}job", "Job", "Jobs of Prometheus.", f"label_values({found_by}, job)"))
        .with_variable(choice(f"{prefix}instance", "Instance", "Processes of these jobs.", instances).all_value(".*"))
        .link(
            builders.DashboardLink("streams")
            .type(DashboardLinkType.DASHBOARDS)
            .tags(["streams"])
            .keep_time(True)
            .include_vars(True)
        )
    )
    ids = count(1)
    for name, panels in rows:
        result = result.with_row(builders.Row(name).id(next(ids)))
        for panel in panels:
            result = result.with_panel(panel.id(next(ids)))
    return result


def choice(name: str, label: str, description: str, query: str) -> builders.QueryVariable:
    """A variable of one value, several or all, which a label's values in Prometheus are."""
    return (
        builders.QueryVariable(name)
        .label(label)
        .description(description)
        .datasource(SOURCE)
        .query(query)
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .multi(True)
        .include_all(True)
        .current(VariableOption(selected=True, text="All", value="$__all"))
    )


def leading_to(panel: Panel, uid: str, title: str) -> Panel:
    """The panel with a link to the dashboard that has the details, for the same time and workers."""
    chosen = "&".join(f"${{{name}:queryparam}}" for name in ("datasource", "job", "instance"))
    link = builders.DashboardLink(title).type(DashboardLinkType.LINK).url(f"/d/{uid}?${{__url_time_range}}&{chosen}")
    return panel.links([link])


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


def firing() -> builders.Panel:
    """The alerts that fire or are about to, by name, with what they say and a link to their runbook."""
    return (
        builders.Panel()
        .type("alertlist")
        .title("Alerts that fire")
        .description("Alerts that fire or wait to, the gravest first; open one for its text and its runbook.")
        .datasource(SOURCE)
        .span(24)
        .height(6)
        .options(
            {
                "viewMode": "list",
                "groupMode": "default",
                "groupBy": [],
                "maxItems": 20,
                "sortOrder": 3,  # by importance
                "dashboardAlerts": False,
                "alertName": "News",
                "alertInstanceLabelFilter": "",
                "datasource": "",  # of any: the option takes a name, which every installation gives its own
                "showInstances": True,
                "showInactiveAlerts": False,
                "stateFilter": {"firing": True, "pending": True, "noData": False, "normal": False, "error": True},
            }
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


def quantiles(histogram: str, labels: str = "", matchers: str = WORKERS) -> Queries:
    """Median, 95th and 99th percentile of a histogram, by labels."""
    by = ", ".join(name for name in ("le", labels) if name)
    suffix = f" {{{{{labels}}}}}" if labels else ""
    buckets = f"sum by ({by}) (rate({histogram}_bucket{matchers}[$__rate_interval]))"
    return {
        f"{name}{suffix}": f"histogram_quantile({q}, {buckets})"
        for name, q in (("median", 0.5), ("95 %", 0.95), ("99 %", 0.99))
    }
