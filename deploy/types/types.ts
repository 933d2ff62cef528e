// What the generated JSON must be, in the words of Grafana, KEDA and the Prometheus operator.
// `deploy/lint.py` writes the JSON into checked.ts as literals of these types, and tsc finds fields that do not exist.
import type { AnnotationQuery, Dashboard as Board, FieldConfig, Panel, RowPanel } from "schema/raw/dashboard/x/dashboard_types.gen";
import type { FieldConfig as GraphConfig, Options as GraphOptions } from "schema/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";
import type { Options as StatOptions } from "schema/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type { Options as TableOptions } from "schema/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type { TableFieldOptions } from "schema/common/common.gen";

// JSON has the values of an enum, not its members.
type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends (infer Item)[]
      ? Plain<Item>[]
      : { [Key in keyof T]: Plain<T[Key]> };

type Of<Type, Options, Custom> = Omit<Panel, "type" | "options" | "fieldConfig"> & {
  type: Type;
  options: Options;
  fieldConfig: { defaults: Omit<FieldConfig, "custom"> & { custom?: Custom }; overrides: [] };
};

// Of Grafana's source, which has no published types for these two: public/app/plugins/panel/alertlist/types.ts, and
// packages/grafana-prometheus/src/annotations.ts (`expr` and `step` are moved to the target when it is loaded).
type AlertListOptions = {
  viewMode: "list" | "stat";
  groupMode: "default" | "custom";
  groupBy: string[];
  maxItems: number;
  sortOrder: 1 | 2 | 3 | 4 | 5;
  dashboardAlerts: boolean;
  alertName: string;
  alertInstanceLabelFilter: string;
  datasource: string;
  showInstances: boolean;
  showInactiveAlerts: boolean;
  stateFilter: { firing: boolean; pending: boolean; noData: boolean; normal: boolean; error: boolean };
};
type Mark = AnnotationQuery & { expr: string; step: string; titleFormat: string };

type OurPanel =
  | Of<"timeseries", GraphOptions, Partial<GraphConfig>>
  | Of<"stat", StatOptions, never>
  | (Omit<Panel, "type" | "options" | "fieldConfig"> & { type: "alertlist"; options: AlertListOptions })
  | Of<"table", Partial<TableOptions>, Partial<TableFieldOptions>>;

export type Dashboard = Plain<Omit<Board, "panels" | "annotations"> & { annotations: { list: Mark[] } } & { panels: (OurPanel | RowPanel)[] }>;

export type { IScaledObject as ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";
export type { ITriggerAuthentication as TriggerAuthentication } from "@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication";
export type { IPodMonitor as PodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
export type { IPrometheusRule as PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
