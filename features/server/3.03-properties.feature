Feature: Properties of PUBLISH

  Rule: Properties are passed on unaltered

    @5.0/MQTT-3.3.2-17 @5.0/MQTT-3.3.2-18
    @needs:qos1 @needs:qos2
    Scenario Outline: User Properties of a message of QoS <qos> keep their order, number and values
      Given S is connected
      And S is subscribed to "t" at QoS <qos>
      And P is connected
      When P publishes:
        | Topic Name    | t             |
        | Payload       | m             |
        | QoS           | <qos>         |
        | User Property | z = last      |
        | User Property | a = 1         |
        | User Property | a = 1         |
        | User Property | a =           |
        | User Property | = no name     |
        | User Property | A = \\u{1F600} |
        | User Property | z = first     |
      Then S receives "m" on "t" at QoS <qos>
      And it has:
        | User Property | z = last      |
        | User Property | a = 1         |
        | User Property | a = 1         |
        | User Property | a =           |
        | User Property | = no name     |
        | User Property | A = \\u{1F600} |
        | User Property | z = first     |

      Examples:
        | qos |
        | 0   |
        | 1   |
        | 2   |

    @5.0/MQTT-3.3.2-16
    Scenario Outline: Correlation Data of <data>
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes:
        | Topic Name       | t      |
        | Payload          | m      |
        | Response Topic   | r      |
        | Correlation Data | <data> |
      Then S receives "m" on "t"
      And it has:
        | Correlation Data | <data> |

      Examples:
        | data              |
        | hex 00            |
        | hex FF FE C3 28   |
        | 1000 bytes        |
        | hex 00 0A 0D 1A 00 |

    @5.0/MQTT-3.3.2-4
    Scenario: Payload Format Indicator 1 is passed on
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes:
        | Topic Name               | t |
        | Payload                  | m |
        | Payload Format Indicator | 1 |
      Then S receives "m" on "t"
      And it has:
        | Payload Format Indicator | 1 |

    @5.0/MQTT-3.3.2-4
    Scenario: Payload Format Indicator 0 is passed on
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes:
        | Topic Name               | t            |
        | Payload                  | hex FF 00 FE |
        | Payload Format Indicator | 0            |
      Then S receives "hex FF 00 FE" on "t"
      And it has:
        | Payload Format Indicator | 0 or absent |

    @5.0/MQTT-3.3.2-15 @5.0/MQTT-3.3.2-20
    Scenario: Response Topic and Content Type with characters of several bytes
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes:
        | Topic Name     | t                          |
        | Payload        | m                          |
        | Response Topic | antworten/\\u{E4}\\u{1F4A1}  |
        | Content Type   | Gr\\u{F6}\\u{DF}e \\u{1F4A1}  |
      Then S receives "m" on "t"
      And it has:
        | Response Topic | antworten/\\u{E4}\\u{1F4A1} |
        | Content Type   | Gr\\u{F6}\\u{DF}e \\u{1F4A1} |

    @5.0/MQTT-3.3.2-4 @5.0/MQTT-3.3.2-15 @5.0/MQTT-3.3.2-16 @5.0/MQTT-3.3.2-17 @5.0/MQTT-3.3.2-18 @5.0/MQTT-3.3.2-20
    @needs:retain @needs:qos1
    Scenario: a retained message keeps its Properties
      Given P is connected
      And P has published:
        | Topic Name               | t          |
        | Payload                  | m          |
        | QoS                      | 1          |
        | RETAIN                   | 1          |
        | Payload Format Indicator | 1          |
        | Content Type             | text/plain |
        | Response Topic           | answers    |
        | Correlation Data         | hex 00 FF  |
        | User Property            | b = 1      |
        | User Property            | a = 2      |
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives "m" on "t"
      And it has:
        | Payload Format Indicator | 1          |
        | Content Type             | text/plain |
        | Response Topic           | answers    |
        | Correlation Data         | hex 00 FF  |
        | User Property            | b = 1      |
        | User Property            | a = 2      |

    @5.0/MQTT-3.3.2-4 @5.0/MQTT-3.3.2-15 @5.0/MQTT-3.3.2-16 @5.0/MQTT-3.3.2-17 @5.0/MQTT-3.3.2-18 @5.0/MQTT-3.3.2-20
    @needs:qos1 @needs:qos2 @needs:session-persistence
    Scenario Outline: a message of QoS <qos> keeps its Properties while it waits
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS <qos>
      And S has lost its Network Connection
      And P is connected
      And P has published:
        | Topic Name               | t          |
        | Payload                  | m          |
        | QoS                      | <qos>      |
        | Payload Format Indicator | 1          |
        | Content Type             | text/plain |
        | Response Topic           | answers    |
        | Correlation Data         | hex 00 FF  |
        | User Property            | b = 1      |
        | User Property            | a = 2      |
      When S returns to its Session
      Then S receives "m" on "t"
      And it has:
        | Payload Format Indicator | 1          |
        | Content Type             | text/plain |
        | Response Topic           | answers    |
        | Correlation Data         | hex 00 FF  |
        | User Property            | b = 1      |
        | User Property            | a = 2      |

      Examples:
        | qos |
        | 1   |
        | 2   |

    @5.0/MQTT-3.3.2-4 @5.0/MQTT-3.3.2-15 @5.0/MQTT-3.3.2-16 @5.0/MQTT-3.3.2-17 @5.0/MQTT-3.3.2-18 @5.0/MQTT-3.3.2-20
    @needs:qos1 @needs:session-persistence
    Scenario: a PUBLISH that is sent again keeps its Properties
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      And P has published:
        | Topic Name               | t          |
        | Payload                  | m          |
        | QoS                      | 1          |
        | Payload Format Indicator | 1          |
        | Content Type             | text/plain |
        | Response Topic           | answers    |
        | Correlation Data         | hex 00 FF  |
        | User Property            | b = 1      |
        | User Property            | a = 2      |
      And S has received "m" on "t" at QoS 1
      And S has lost its Network Connection
      When S returns to its Session
      Then S receives "m" on "t" again
      And it has:
        | Payload Format Indicator | 1          |
        | Content Type             | text/plain |
        | Response Topic           | answers    |
        | Correlation Data         | hex 00 FF  |
        | User Property            | b = 1      |
        | User Property            | a = 2      |

  Rule: The Message Expiry Interval

    @5.0/MQTT-3.3.2-6
    Scenario: a message that does not wait keeps its interval
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes:
        | Topic Name              | t   |
        | Payload                 | m   |
        | Message Expiry Interval | 100 |
      Then S receives "m" on "t"
      And it has:
        | Message Expiry Interval | 90 to 100 |

    @5.0/MQTT-3.3.2-6
    @needs:retain @needs:qos1
    Scenario: the time that a message was retained is taken off its interval
      Given P is connected
      And P has published:
        | Topic Name              | t  |
        | Payload                 | m  |
        | QoS                     | 1  |
        | RETAIN                  | 1  |
        | Message Expiry Interval | 60 |
      When 2.5 seconds pass
      And S connects
      And S subscribes to "t" at QoS 1
      Then S receives "m" on "t"
      And it has:
        | Message Expiry Interval | 50 to 58 |

    @5.0/RULE-3.3.1.3-expired-retained-message
    @needs:retain @needs:qos1
    Scenario: a retained message that has expired is gone
      Given P is connected
      And P has published:
        | Topic Name              | t/short |
        | Payload                 | expires |
        | QoS                     | 1       |
        | RETAIN                  | 1       |
        | Message Expiry Interval | 1       |
      And P has retained "stays" on "t/long" at QoS 1
      When 2.5 seconds pass
      And S connects
      And S subscribes to "t/long" at QoS 1
      And S subscribes to "t/short" at QoS 1
      Then S receives "stays" on "t/long"
      And S receives no further message

    @5.0/RULE-3.3.2.3.3-absent-means-no-expiry
    @needs:qos1 @needs:session-persistence
    Scenario: a message without interval does not expire
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      And P has published "m" to "t" at QoS 1
      When 2.0 seconds pass
      And S returns to its Session
      Then S receives "m" on "t" at QoS 1
      And it has:
        | Message Expiry Interval | absent |

    @5.0/MQTT-3.3.2-5
    @needs:qos2 @needs:session-persistence
    Scenario: a message of QoS 2 that has not been sent yet expires
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And S has lost its Network Connection
      And P is connected
      And P has published:
        | Topic Name              | t       |
        | Payload                 | expires |
        | QoS                     | 2       |
        | Message Expiry Interval | 1       |
      And P has published:
        | Topic Name              | t     |
        | Payload                 | stays |
        | QoS                     | 2     |
        | Message Expiry Interval | 600   |
      When 2.5 seconds pass
      And S returns to its Session
      Then S receives "stays" on "t"
      And S receives no further message

    @5.0/MQTT-3.3.2-5
    @needs:qos1
    Scenario: a message that waits for the Receive Maximum expires
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      And P has published "first" to "t" at QoS 1
      And S has received "first" on "t" at QoS 1
      And P has published:
        | Topic Name              | t       |
        | Payload                 | expires |
        | QoS                     | 1       |
        | Message Expiry Interval | 1       |
      And P has published "last" to "t" at QoS 1
      When 2.5 seconds pass
      And S sends PUBACK for the message "first"
      Then S receives "last" on "t"
      And S receives no message "expires"
