Feature: Will Messages under hardship

  Rule: A Network Connection that ends without DISCONNECT has the Will published, however it ends

    @3.1.1/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-8
    Scenario Outline: the Will comes when <trouble>
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When <trouble>
      Then O has got "gone" on "will" exactly once

      Examples:
        | trouble                                        |
        | W loses its Network Connection                 |
        | W resets its Network Connection                |
        | the network breaks the Network Connection of W |
        | W crashes                                      |

    @3.1.1/MQTT-3.1.2-24 @3.1.1/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-22 @5.0/MQTT-3.1.2-8
    Scenario Outline: the Will comes when <trouble> and the Keep Alive runs out
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Keep Alive   | 1    |
        | Will Topic   | will |
        | Will Payload | gone |
      And the Server takes the Keep Alive of W
      When <trouble>
      Then O receives "gone" on "will", due after 1.5 seconds

      Examples:
        | trouble                                |
        | the Network Connection of W goes silent |
        | nothing of W reaches the Server        |

    @3.1.1/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-8
    Scenario: a DISCONNECT of which only the first byte arrives is none
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      And the network cuts W off after 1 bytes of its DISCONNECT
      When W sends DISCONNECT
      And W has been cut off
      Then O has got "gone" on "will" exactly once

    @3.1.1/MQTT-3.14.4-3 @3.1.1/MQTT-3.1.2-10 @5.0/MQTT-3.14.4-3 @5.0/MQTT-3.1.2-10
    Scenario: a DISCONNECT that arrives as the last packet counts
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      And the network cuts W off after its DISCONNECT
      When W sends DISCONNECT
      And W has been cut off
      Then O has not got "gone" on "will"

    @3.1.1/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-8
    Scenario: a takeover of a silent Network Connection has the Will published
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      And the Network Connection of W has gone silent
      And V uses the Client Identifier of W
      When V connects
      Then O has got "gone" on "will" exactly once

  Rule: A Will with a delay waits for the return of its Client

    @5.0/MQTT-3.1.3-9
    @needs:session-persistence
    Scenario Outline: no Will when the Client is back in time after <trouble>
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will Delay Interval | 2    |
      And the Server answers W within 0.3 seconds
      When <trouble>
      And 1.0 seconds pass
      And W returns to its Session
      And W was away for less than 1.8 seconds
      And 3.0 seconds pass
      Then O has not got "gone" on "will"

      Examples:
        | trouble                                        |
        | the network breaks the Network Connection of W |
        | W crashes                                      |

    @5.0/MQTT-3.1.2-8
    @needs:session-persistence
    Scenario: the Will comes once when the Client is back too late
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will Delay Interval | 1    |
      When the network breaks the Network Connection of W
      And 3.0 seconds pass
      And W returns to its Session
      And W loses its Network Connection
      And 2.0 seconds pass
      Then O has got "gone" on "will" exactly once

  Rule: A Will is a message like others for its subscriber

    @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.4.0-1
    @needs:qos2 @needs:session-persistence
    Scenario Outline: the subscriber to a Will of QoS 2 is cut off <where>
      Given O is connected and its Session is kept
      And O is subscribed to "will" at QoS 2
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will QoS     | 2    |
      And the network cuts O off <where>
      When W loses its Network Connection
      And O has been cut off
      And O returns to its Session
      Then O has got "gone" on "will" exactly once

      Examples:
        | where                                |
        | before PUBLISH reaches it            |
        | before its PUBREC reaches the Server |
        | before PUBREL reaches it             |

    @3.1.1/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-5
    @needs:qos1 @needs:session-persistence
    Scenario: publisher of a Will and its subscriber are lost together
      Given O is connected and its Session is kept
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will QoS     | 1    |
      When O loses its Network Connection
      And W loses its Network Connection
      And O returns to its Session
      Then O has got "gone" on "will" at least once
