Feature: A Server that keeps what it has acknowledged over its own end

  Rule: A Session is as it was when the Server starts again

    @3.1.1/MQTT-3.1.2-4 @3.1.1/MQTT-4.1.0-1 @3.1.1/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-23
    @needs:qos1 @needs:session-persistence @needs:restart
    Scenario Outline: a message waits while the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      And P has published "waiting" to "t" at QoS 1
      When the Server <ends>
      And the Server starts again
      And S returns to its Session
      Then the Session of S is present
      And S has got "waiting" on "t" at least once

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

    @3.1.1/MQTT-3.1.2-4 @3.1.1/MQTT-4.1.0-1 @5.0/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-23
    @needs:qos1 @needs:session-persistence @needs:restart
    Scenario Outline: a Subscription holds although the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      When the Server <ends>
      And the Server starts again
      And S returns to its Session
      And P connects
      And P publishes "m" to "t" at QoS 1
      Then the Session of S is present
      And S has got "m" on "t" at least once

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

    @3.1.1/MQTT-3.1.2-4 @3.1.1/MQTT-4.1.0-1 @3.1.1/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-23
    @needs:qos1 @needs:session-persistence @needs:restart
    Scenario Outline: messages wait in their order although the Server <ends> between them and after them
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      And P has published "1" to "t" at QoS 1
      And P has published "2" to "t" at QoS 1
      When the Server <ends>
      And the Server starts again
      And P connects
      And P publishes "3" to "t" at QoS 1
      And P publishes "4" to "t" at QoS 1
      And the Server <ends>
      And the Server starts again
      And S returns to its Session
      Then S has got on "t", each at least once and first in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

    @5.0/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-23
    @needs:qos1 @needs:session-persistence @needs:restart @needs:shared-subscriptions
    Scenario Outline: a Shared Subscription holds although the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "$share/g/t" at QoS 1
      When the Server <ends>
      And the Server starts again
      And S returns to its Session
      And P connects
      And P publishes "m" to "t" at QoS 1
      Then S has got "m" on "t" at least once

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

    @5.0/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-23
    @needs:qos1 @needs:retain @needs:session-persistence @needs:restart @needs:subscription-identifiers
    Scenario Outline: a Subscription with Retain Handling <handling> has its options although the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" with:
        | QoS                     | 1          |
        | No Local                | 1          |
        | Retain As Published     | 1          |
        | Retain Handling         | <handling> |
        | Subscription Identifier | 7          |
      When the Server <ends>
      And the Server starts again
      And S returns to its Session
      And P connects
      And S publishes "own" to "t" at QoS 1
      And P retains "m" on "t" at QoS 1
      Then S receives "m" on "t" at QoS 1
      And it has:
        | RETAIN                  | 1 |
        | Subscription Identifier | 7 |
      And S receives no further message

      @server:durable
      Examples:
        | handling | ends  |
        | 1        | stops |
        | 2        | stops |

      @server:durable-over-crashes
      Examples:
        | handling | ends    |
        | 1        | crashes |
        | 2        | crashes |

    @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.4.0-1
    @needs:qos1 @needs:session-persistence @needs:restart
    Scenario Outline: a message that was not acknowledged comes again after the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      And P has published "m" to "t" at QoS 1
      And S has received "m" on "t"
      When the Server <ends>
      And the Server starts again
      And S acknowledges what arrives
      And S returns to its Session
      Then S receives "m" on "t"
      And it has:
        | DUP | 1 |

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

  Rule: Exactly once means over the end of the Server, too

    @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.3.3-10
    @needs:qos2 @needs:session-persistence @needs:restart
    Scenario Outline: the publisher repeats its QoS 2 message after the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And the network cuts P off before PUBREC reaches it
      When P sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 2 |
      And P has been cut off
      And the Server <ends>
      And the Server starts again
      And S returns to its Session
      And P returns to its Session
      And P goes on with what was unfinished
      Then S has got "m" on "t" exactly once

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

    @3.1.1/MQTT-4.3.3-1 @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.3.3-5 @5.0/MQTT-4.4.0-1
    @needs:qos2 @needs:session-persistence @needs:restart
    Scenario Outline: a QoS 2 delivery goes on after the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And P is connected
      And the network cuts S off before PUBREL reaches it
      When P publishes "m" to "t" at QoS 2
      And S has been cut off
      And the Server <ends>
      And the Server starts again
      And S returns to its Session
      Then S receives PUBREL
      And S has got "m" on "t" exactly once

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

  Rule: Retained messages are there when the Server starts again

    @3.1.1/MQTT-3.3.1-5 @5.0/MQTT-3.3.1-5
    @needs:qos1 @needs:retain @needs:restart
    Scenario Outline: a retained message outlasts a Server that <ends>
      Given P is connected
      And P has retained "kept" on "t" at QoS 1
      When the Server <ends>
      And the Server starts again
      And S connects
      And S subscribes to "t" at QoS 1
      Then S receives "kept" on "t"
      And it has:
        | RETAIN | 1 |

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

  Rule: A message has its Properties when the Server starts again

    @5.0/MQTT-3.3.2-4 @5.0/MQTT-3.3.2-15 @5.0/MQTT-3.3.2-16 @5.0/MQTT-3.3.2-17 @5.0/MQTT-3.3.2-18 @5.0/MQTT-3.3.2-20
    @needs:qos1 @needs:retain @needs:restart
    Scenario Outline: a retained message has its Properties although the Server <ends>
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
      When the Server <ends>
      And the Server starts again
      And S connects
      And S subscribes to "t" at QoS 1
      And S has received "m" on "t"
      Then it has:
        | Payload Format Indicator | 1          |
        | Content Type             | text/plain |
        | Response Topic           | answers    |
        | Correlation Data         | hex 00 FF  |
        | User Property            | b = 1      |
        | User Property            | a = 2      |

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends    |
        | crashes |

    @5.0/MQTT-3.3.2-4 @5.0/MQTT-3.3.2-15 @5.0/MQTT-3.3.2-16 @5.0/MQTT-3.3.2-17 @5.0/MQTT-3.3.2-18 @5.0/MQTT-3.3.2-20
    @needs:qos1 @needs:session-persistence @needs:restart
    Scenario Outline: a message that waits has its Properties although the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
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
      When the Server <ends>
      And the Server starts again
      And S returns to its Session
      And S has received "m" on "t"
      Then it has:
        | Payload Format Indicator | 1          |
        | Content Type             | text/plain |
        | Response Topic           | answers    |
        | Correlation Data         | hex 00 FF  |
        | User Property            | b = 1      |
        | User Property            | a = 2      |

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends    |
        | crashes |

  Rule: What has ended before does not come back

    @3.1.1/MQTT-3.1.2-6 @3.1.1/MQTT-3.2.2-3 @5.0/MQTT-3.1.2-4 @5.0/MQTT-3.2.2-3
    @needs:session-persistence @needs:restart
    @server:durable-over-crashes
    Scenario: a Session that a clean start has dropped
      Given S is connected and its Session is kept
      And S has lost its Network Connection
      And S is connected
      And S has disconnected
      When the Server crashes
      And the Server starts again
      And S returns to its Session
      Then the Session of S is not present

    @3.1.1/MQTT-3.1.2-6 @5.0/MQTT-4.1.0-2
    @needs:qos1 @needs:session-persistence @needs:restart
    @server:durable-over-crashes
    Scenario: a Session that lasts as long as its Network Connection
      Given S is connected
      And K is connected and its Session is kept
      And K is subscribed to "t" at QoS 1
      When the Server crashes
      And the Server starts again
      And K returns to its Session
      And P connects
      And P publishes "m" to "t" at QoS 1
      And K has received "m" on "t"
      And S returns to its Session
      Then the Session of S is not present

    @5.0/MQTT-4.1.0-2
    @needs:session-persistence @needs:restart
    @server:durable-over-crashes
    Scenario: a Session that expires after the Server has crashed under its Client
      Given S is connected with:
        | Session Expiry Interval | 2 |
      When the Server crashes
      And the Server starts again
      And 5.0 seconds pass
      And S returns to its Session
      Then the Session of S is not present

    @5.0/MQTT-4.1.0-2 @5.0/MQTT-3.2.2-3
    @needs:session-persistence @needs:restart
    @server:durable-over-crashes
    Scenario: a Session that expires while the Server is away
      Given S is connected with:
        | Clean Start             | 0 |
        | Session Expiry Interval | 2 |
      And S has lost its Network Connection
      When the Server crashes
      And 5.0 seconds pass
      And the Server starts again
      And S returns to its Session
      Then the Session of S is not present

  Rule: A Will whose delay has begun goes on waiting when the Server starts again

    @5.0/MQTT-3.1.2-8
    @needs:qos1 @needs:session-persistence @needs:restart
    @server:durable-over-crashes
    Scenario: the Will comes when the delay is over
      Given O is connected and its Session is kept
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will QoS            | 1    |
        | Will Delay Interval | 2    |
      And W has lost its Network Connection
      When the Server crashes
      And the Server starts again
      And O returns to its Session
      And 5.0 seconds pass
      Then O has got "gone" on "will" at least once

    @5.0/MQTT-3.1.3-10
    @needs:qos1 @needs:session-persistence @needs:restart
    @server:durable-over-crashes
    Scenario: a Will has the order of its User Properties
      Given O is connected and its Session is kept
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic                   | will  |
        | Will Payload                 | gone  |
        | Will QoS                     | 1     |
        | Will Delay Interval          | 2     |
        | Will Message Expiry Interval | 60    |
        | Will User Property           | b = 1 |
        | Will User Property           | a = 2 |
        | Will User Property           | b = 3 |
      When the Server crashes
      And the Server starts again
      And O returns to its Session
      And 5.0 seconds pass
      And O has received "gone" on "will"
      Then it has:
        | User Property | b = 1 |
        | User Property | a = 2 |
        | User Property | b = 3 |

    @5.0/MQTT-3.1.3-9
    @needs:qos1 @needs:session-persistence @needs:restart
    @server:durable-over-crashes
    Scenario: no Will comes when the Client is back in time
      Given O is connected and its Session is kept
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will QoS            | 1    |
        | Will Delay Interval | 600  |
      And W has lost its Network Connection
      When the Server crashes
      And the Server starts again
      And W returns to its Session
      And O returns to its Session
      Then O has not got "gone" on "will"
