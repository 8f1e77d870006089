targetScope = 'subscription'

@description('Where everything runs.')
param location string = 'westeurope'

@description('The address that gets the cost alerts.')
param mail string

@description('The first day of the present month.')
param firstDay string = utcNow('yyyy-MM-01')

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-parcel'
  location: location
  tags: { purpose: 'az-400-labs' }
}

resource budget 'Microsoft.Consumption/budgets@2023-05-01' = {
  name: 'budget-parcel'
  properties: {
    category: 'Cost'
    amount: 10
    timeGrain: 'Monthly'
    timePeriod: { startDate: firstDay }
    filter: {
      dimensions: { name: 'ResourceGroupName', operator: 'In', values: [ group.name ] }
    }
    notifications: {
      half: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 50
        thresholdType: 'Actual'
        contactEmails: [ mail ]
      }
    }
  }
}

output groupId string = group.id
