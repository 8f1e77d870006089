@description('How the subject of each token begins, as GitHub reports it.')
param prefix string

param location string = resourceGroup().location

var stages = [ 'staging', 'production' ]
var websiteContributor = 'de139f84-1756-47ae-9be6-808fbbe84772'

resource deployer 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-parcel-deploy'
  location: location
}

@batchSize(1)
resource trust 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = [for stage in stages: {
  parent: deployer
  name: 'github-${stage}'
  properties: {
    issuer: 'https://token.actions.githubusercontent.com'
    subject: '${prefix}:environment:${stage}'
    audiences: [ 'api://AzureADTokenExchange' ]
  }
}]

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, deployer.id, websiteContributor)
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', websiteContributor)
  }
}

output clientId string = deployer.properties.clientId
