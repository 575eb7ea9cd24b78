{{- define "topicgate.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "topicgate.selector" -}}
app.kubernetes.io/name: topicgate
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "topicgate.labels" -}}
{{ include "topicgate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "topicgate.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "topicgate.rules" -}}
{{ .Values.rules.configMap | default (printf "%s-rules" (include "topicgate.fullname" .)) }}
{{- end -}}

{{- define "topicgate.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "topicgate.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- /* The settings file: what the chart knows, over what the values say. */ -}}
{{- define "topicgate.settings" -}}
{{- $tokens := "/run/secrets/topicgate" -}}
{{- $apps := list -}}
{{- range .Values.apps -}}
{{- $files := list -}}
{{- range .tokenKeys }}{{ $files = append $files (printf "%s/%s" $tokens .) }}{{ end -}}
{{- $apps = append $apps (dict "id" (int64 .id) "token_files" $files) -}}
{{- end -}}
{{- $own := dict
  "rules" (list "/etc/topicgate/rules")
  "listen" "0.0.0.0:8080"
  "admin" "0.0.0.0:9090"
  "admin_token_file" (printf "%s/admin-token" $tokens)
  "data" "/var/lib/topicgate"
  "drain" (printf "%ds" (int .Values.drainSeconds))
  "apps" $apps
-}}
{{- toYaml (merge $own .Values.settings) -}}
{{- end -}}
