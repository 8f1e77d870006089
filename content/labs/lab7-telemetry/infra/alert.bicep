@description('The address that gets the alert.')
param mail string

param location string = resourceGroup().location

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: 'log-parcel'
}

resource team 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-parcel'
  location: 'global'
  properties: {
    groupShortName: 'parcel'
    enabled: true
    emailReceivers: [ { name: 'team', emailAddress: mail, useCommonAlertSchema: true } ]
  }
}

resource failed 'Microsoft.Insights/scheduledQueryRules@2021-08-01' = {
  name: 'failed-quotes'
  location: location
  properties: {
    displayName: 'Quotes fail'
    severity: 2
    enabled: true
    scopes: [ logs.id ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'AppRequests | where Success == false and Name has "quote"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 5
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    autoMitigate: true
    actions: { actionGroups: [ team.id ] }
  }
}
