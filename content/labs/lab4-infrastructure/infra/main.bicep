@description('Makes names unique, such as your initials and two digits.')
@minLength(3)
@maxLength(8)
param suffix string

@description('Empty until lab 6.')
param vaultName string = ''

param location string = resourceGroup().location

var name = 'app-parcel-${suffix}'
var carrierKey = empty(vaultName) ? {} : {
  CARRIER_KEY: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=CarrierKey)'
}
var shared = union({
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  OTEL_SERVICE_NAME: 'parcel-api'
  SCM_DO_BUILD_DURING_DEPLOYMENT: 'true'
}, carrierKey)

resource plan 'Microsoft.Web/serverfarms@2023-12-01' = {
  name: 'plan-parcel'
  location: location
  kind: 'linux'
  sku: { name: 'S1' }
  properties: { reserved: true }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-parcel'
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 31
    workspaceCapping: { dailyQuotaGb: 1 }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-parcel'
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logs.id
  }
}

resource site 'Microsoft.Web/sites@2023-12-01' = {
  name: name
  location: location
  kind: 'app,linux'
  identity: { type: 'SystemAssigned' }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: siteConfig
  }
}

var siteConfig = {
  linuxFxVersion: 'PYTHON|3.12'
  appCommandLine: 'gunicorn --bind 0.0.0.0:8000 --workers 2 --threads 4 app:app'
  alwaysOn: true
  ftpsState: 'Disabled'
  healthCheckPath: '/health'
  minTlsVersion: '1.2'
}

resource settings 'Microsoft.Web/sites/config@2023-12-01' = {
  parent: site
  name: 'appsettings'
  properties: union(shared, {
    SLOT: 'production'
    CARRIER_URL: 'https://${site.properties.defaultHostName}/carrier/rates'
  })
}

resource sticky 'Microsoft.Web/sites/config@2023-12-01' = {
  parent: site
  name: 'slotConfigNames'
  properties: { appSettingNames: [ 'SLOT', 'CARRIER_URL' ] }
}

resource staging 'Microsoft.Web/sites/slots@2023-12-01' = {
  parent: site
  name: 'staging'
  location: location
  kind: 'app,linux'
  identity: { type: 'SystemAssigned' }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: siteConfig
  }
}

resource stagingSettings 'Microsoft.Web/sites/slots/config@2023-12-01' = {
  parent: staging
  name: 'appsettings'
  properties: union(shared, {
    SLOT: 'staging'
    CARRIER_URL: 'https://${staging.properties.defaultHostName}/carrier/rates'
  })
}

output app string = site.name
output workspaceId string = logs.id
output principals array = [ site.identity.principalId, staging.identity.principalId ]
