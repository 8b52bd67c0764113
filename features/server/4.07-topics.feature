Feature: Topic Names and Topic Filters

  @3.1.1/RULE-4.7.1.2-includes-parent-level @5.0/RULE-4.7.1.2-includes-parent-level
  @needs:wildcard-subscription
  Rule: "#" matches any number of levels, and the level above it

    Scenario: "a/#" matches the parent level and everything below it
      Given A is connected
      And B is connected
      And A is subscribed to "a/#" at QoS 0
      When B publishes to each of:
        | a       |
        | a/      |
        | a/b     |
        | a/b/c   |
        | a/b/c/  |
        | a//c    |
        | ab      |
        | ab/c    |
        | /a/b    |
        | b/a     |
      Then A receives exactly the messages on:
        | a       |
        | a/      |
        | a/b     |
        | a/b/c   |
        | a/b/c/  |
        | a//c    |

    Scenario: "a/+/#" matches the parent level and everything below it
      Given A is connected
      And B is connected
      And A is subscribed to "a/+/#" at QoS 0
      When B publishes to each of:
        | a       |
        | a/b     |
        | a/      |
        | a/b/c/d |
        | b/a/c   |
      Then A receives exactly the messages on:
        | a/b     |
        | a/      |
        | a/b/c/d |

    Scenario: "#" alone matches every Topic Name
      Given A is connected
      And B is connected
      And A is subscribed to the bare Topic Filter "#" at QoS 0
      When B publishes to each of:
        | a     |
        | /     |
        | a/b/c |
      And B publishes "x" to the bare Topic Name "/"
      Then A receives exactly the messages on:
        | a     |
        | /     |
        | a/b/c |
      And A receives "x" on the bare Topic Name "/"

  @3.1.1/RULE-4.7.1.3-exactly-one-level @5.0/RULE-4.7.1.3-exactly-one-level
  @needs:wildcard-subscription
  Rule: "+" matches exactly one level, which may be empty

    Scenario: "a/+" matches one level below "a"
      Given A is connected
      And B is connected
      And A is subscribed to "a/+" at QoS 0
      When B publishes to each of:
        | a     |
        | a/    |
        | a/b   |
        | a/b/c |
        | a/b/  |
        | a//   |
        | b/b   |
      Then A receives exactly the messages on:
        | a/    |
        | a/b   |

    Scenario: "+" in the middle matches one level
      Given A is connected
      And B is connected
      And A is subscribed to "a/+/c" at QoS 0
      When B publishes to each of:
        | a/b/c   |
        | a//c    |
        | a/c     |
        | a/b/b/c |
        | a/b/c/d |
        | a/b     |
      Then A receives exactly the messages on:
        | a/b/c   |
        | a//c    |

    Scenario: "+/b/+" matches three levels
      Given A is connected
      And B is connected
      And A is subscribed to "+/b/+" at QoS 0
      When B publishes to each of:
        | a/b/c |
        | /b/   |
        | a/b   |
        | b/a/c |
      Then A receives exactly the messages on:
        | a/b/c |
        | /b/   |

    Scenario Outline: "<filter>" matches the Topic Name "/x"
      Given A is connected
      And B is connected
      And A is subscribed to the bare Topic Filter "<filter>" at QoS 0
      When B publishes "1" to the bare Topic Name "/x"
      Then A receives "1" on the bare Topic Name "/x"

      Examples:
        | filter |
        | +/+    |
        | /+     |
        | +/x    |
        | /#     |

    Scenario: "+" does not match the Topic Name "/x"
      Given A is connected
      And B is connected
      And A is subscribed to the bare Topic Filter "+" at QoS 0
      When B publishes "1" to the bare Topic Name "x"
      And B publishes "2" to the bare Topic Name "/x"
      And B publishes "3" to the bare Topic Name "x/"
      Then A receives "1" on the bare Topic Name "x"
      And A receives no message "2" on the bare Topic Name "/x"
      And A receives no message "3" on the bare Topic Name "x/"

  @3.1.1/RULE-4.7.1.1-empty-levels @5.0/RULE-4.7.1.1-empty-levels
  @3.1.1/RULE-4.7.3-separator-counts @5.0/RULE-4.7.3-separator-counts
  @3.1.1/MQTT-4.7.3-4 @5.0/MQTT-4.7.3-4
  Rule: Every separator counts

    Scenario Outline: "<filter>" matches only itself
      Given A is connected
      And B is connected
      And A is subscribed to "<filter>" at QoS 0
      When B publishes to each of:
        | a    |
        | /a   |
        | a/   |
        | a/b  |
        | a//b |
        | //a  |
        | /    |
        | //   |
      Then A receives exactly the messages on:
        | <filter> |

      Examples:
        | filter |
        | a      |
        | /a     |
        | a/     |
        | a/b    |
        | a//b   |
        | /      |
        | //     |

    Scenario: "/" alone is a Topic Name and a Topic Filter
      Given A is connected
      And B is connected
      And A is subscribed to the bare Topic Filter "/" at QoS 0
      When B publishes "1" to the bare Topic Name "/"
      And B publishes "2" to the bare Topic Name "//"
      Then A receives "1" on the bare Topic Name "/"
      And A receives no message "2" on the bare Topic Name "//"

    Scenario: a leading "/" makes another Topic Name
      Given A is connected
      And B is connected
      And A is subscribed to the bare Topic Filter "/finance" at QoS 0
      When B publishes "1" to the bare Topic Name "finance"
      And B publishes "2" to the bare Topic Name "/finance"
      Then A receives "2" on the bare Topic Name "/finance"
      And A receives no message "1" on the bare Topic Name "finance"

  @3.1.1/RULE-4.7.3-case-sensitive @5.0/RULE-4.7.3-case-sensitive
  @3.1.1/MQTT-4.7.3-4 @5.0/MQTT-4.7.3-4
  Rule: Topic Names and Topic Filters are case sensitive

    Scenario: "Accounts" matches only "Accounts"
      Given A is connected
      And B is connected
      And A is subscribed to "Accounts" at QoS 0
      When B publishes to each of:
        | ACCOUNTS |
        | accounts |
        | Accounts |
      Then A receives exactly the messages on:
        | Accounts |

  @3.1.1/RULE-4.7.3-spaces-count @5.0/RULE-4.7.3-spaces-count
  @3.1.1/MQTT-4.7.3-4 @5.0/MQTT-4.7.3-4
  Rule: Topic Names and Topic Filters may have spaces, and each of them counts

    Scenario: "Accounts payable" is a Topic Filter
      Given A is connected
      And B is connected
      And A is subscribed to "Accounts payable" at QoS 0
      When B publishes to each of:
        | Accounts payable    |
        | Accountspayable     |
        | Accounts            |
        | "Accounts  payable" |
        | "Accounts payable " |
      Then A receives exactly the messages on:
        | Accounts payable    |

    Scenario: a space in front counts
      Given A is connected
      And B is connected
      And A is subscribed to " a" at QoS 0
      When B publishes to each of:
        | a    |
        | " a" |
        | "a " |
      Then A receives exactly the messages on:
        | " a" |

    Scenario: a single space is a Topic Name
      Given A is connected
      And B is connected
      And A is subscribed to "a/ /b" at QoS 0
      When B publishes to each of:
        | a//b  |
        | a/ /b |
        | a/b   |
      Then A receives exactly the messages on:
        | a/ /b |

  @3.1.1/MQTT-4.7.3-4 @5.0/MQTT-4.7.3-4
  Rule: Characters are compared as they are, without normalisation

    Scenario: a composed and a decomposed letter are different
      Given A is connected
      And B is connected
      And A is subscribed to "caf\u{E9}" at QoS 0
      When B publishes to each of:
        | cafe\\u{301} |
        | cafe        |
        | caf\\u{E9} |
      Then A receives exactly the messages on:
        | caf\\u{E9} |

    Scenario: a decomposed letter stays decomposed
      Given A is connected
      And B is connected
      And A is subscribed to "cafe\u{301}" at QoS 0
      When B publishes to each of:
        | caf\\u{E9} |
        | cafe\\u{301} |
      Then A receives exactly the messages on:
        | cafe\\u{301} |

    @needs:wildcard-subscription
    Scenario: characters outside the Basic Multilingual Plane come back unchanged
      Given A is connected
      And B is connected
      And A is subscribed to "a/+" at QoS 0
      When B publishes to each of:
        | a/\\u{10302} |
        | a/\\u{FFFD} |
        | a/\\u{2603} |
      Then A receives exactly the messages on:
        | a/\\u{10302} |
        | a/\\u{FFFD} |
        | a/\\u{2603} |

    Scenario: a character that a Server may not know is not replaced
      Given A is connected
      And B is connected
      And A is subscribed to "\u{FFFD}" at QoS 0
      When B publishes to each of:
        | \\u{10302} |
        | \\u{378} |
        | \\u{FFFD} |
      Then A receives exactly the messages on:
        | \\u{FFFD} |

  @3.1.1/MQTT-1.5.3-3 @5.0/MQTT-1.5.4-3
  Rule: U+FEFF is a character like any other

    Scenario: U+FEFF in front is not taken off
      Given A is connected
      And B is connected
      And A is subscribed to "\u{FEFF}x" at QoS 0
      When B publishes to each of:
        | x         |
        | \\u{FEFF}x |
      Then A receives exactly the messages on:
        | \\u{FEFF}x |

    Scenario: a Topic Filter without U+FEFF does not match a Topic Name with it
      Given A is connected
      And B is connected
      And A is subscribed to "x" at QoS 0
      When B publishes to each of:
        | \\u{FEFF}x |
        | x\\u{FEFF} |
        | x         |
      Then A receives exactly the messages on:
        | x         |

    @needs:wildcard-subscription
    Scenario: U+FEFF at the very beginning of the Topic Name comes back
      Given A is connected
      And B is connected
      And A is subscribed to the bare Topic Filter "+/feff" at QoS 0
      When B publishes "1" to the Topic Name "a/feff" with U+FEFF in front
      Then A receives "1" on the Topic Name "a/feff" with U+FEFF in front

  @3.1.1/MQTT-4.7.2-1 @5.0/MQTT-4.7.2-1
  @needs:wildcard-subscription
  Rule: A Topic Filter that begins with a wildcard does not match a Topic Name that begins with "$"

    Scenario Outline: "<filter>" does not match "$t/x"
      Given A is connected
      And B is connected
      And C is connected
      And A is subscribed to the bare Topic Filter "<filter>" at QoS 0
      And C is subscribed to "$t/x" at QoS 0
      When B sends PUBLISH with:
        | Topic Name | $t/x |
        | Payload    | m    |
      And C has received "m" on the $ topic "$t/x", unless the Server keeps it
      Then A receives no message "m"

      Examples:
        | filter |
        | #      |
        | +/x    |
        | +/+    |
        | +/#    |

    @needs:retain @needs:qos1
    Scenario Outline: "<filter>" does not bring the retained message of "$t/x"
      Given A is connected
      And B is connected
      And C is connected
      And C is subscribed to "$t/x" at QoS 0
      When B sends PUBLISH with:
        | Topic Name | $t/x |
        | Payload    | m    |
        | QoS        | 1    |
        | RETAIN     | 1    |
      And C has received "m" on the $ topic "$t/x", unless the Server keeps it
      And A subscribes to the bare Topic Filter "<filter>" at QoS 0
      Then A receives no message "m"

      Examples:
        | filter |
        | #      |
        | +/x    |

  @3.1.1/SHOULD-4.7.2-dollar-topics @5.0/SHOULD-4.7.2-dollar-topics
  Rule: A Server should keep Clients from exchanging messages on topics that begin with "$"

    Scenario: a message on "$t/x" does not reach another Client
      Given A is connected
      And B is connected
      When A sends SUBSCRIBE 7 to:
        | $t/x | 0 |
      And A has received SUBACK
      And B sends PUBLISH with:
        | Topic Name | $t/x |
        | Payload    | m    |
      Then A should not receive a message on the $ topic "$t/x"

  @3.1.1/MQTT-4.7.1-2 @3.1.1/MQTT-4.8.0-1 @5.0/MQTT-4.7.1-1 @5.0/MQTT-4.13.1-1
  @needs:wildcard-subscription
  Rule: A Topic Filter whose multi-level wildcard is not its last level is not granted

    Scenario Outline: the Topic Filter "<filter>" is not granted
      Given A is connected
      And A is subscribed to "a/+/#" at QoS 0
      When A sends SUBSCRIBE 7 to the invalid Topic Filter "<filter>"
      Then the Server does not grant SUBSCRIBE 7 of A

      Examples:
        | filter   |
        | a#       |
        | a/#/b    |
        | #/a      |
        | a/b#     |
        | ##       |

  @3.1.1/MQTT-4.7.1-3 @3.1.1/MQTT-4.8.0-1 @5.0/MQTT-4.7.1-2 @5.0/MQTT-4.13.1-1
  @needs:wildcard-subscription
  Rule: A Topic Filter whose single-level wildcard does not fill its level is not granted

    Scenario Outline: the Topic Filter "<filter>" is not granted
      Given A is connected
      And A is subscribed to "a/+/#" at QoS 0
      When A sends SUBSCRIBE 7 to the invalid Topic Filter "<filter>"
      Then the Server does not grant SUBSCRIBE 7 of A

      Examples:
        | filter   |
        | a+       |
        | a/b+/c   |
        | +a       |
        | a/++     |
        | a/+b/#   |

  @3.1.1/MQTT-4.7.3-1 @5.0/MQTT-4.7.3-1
  Rule: A Topic Filter has at least one character

    Scenario: an empty Topic Filter is not granted
      Given A is connected
      And A is subscribed to "a" at QoS 0
      When A sends SUBSCRIBE 7 to the invalid Topic Filter "empty"
      Then the Server does not grant SUBSCRIBE 7 of A

  @3.1.1/MQTT-4.7.3-2 @5.0/MQTT-4.7.3-2
  Rule: A Topic Filter does not have U+0000

    Scenario: a Topic Filter with U+0000 is not granted
      Given A is connected
      And A is subscribed to "a" at QoS 0
      When A sends SUBSCRIBE 7 to the invalid Topic Filter "a\0b"
      Then the Server does not grant SUBSCRIBE 7 of A

  @3.1.1/MQTT-4.7.1-1 @3.1.1/MQTT-3.3.2-2 @5.0/MQTT-4.7.0-1 @5.0/MQTT-3.3.2-2
  @needs:wildcard-subscription
  Rule: A Topic Name has no wildcards

    Scenario Outline: a message to the Topic Name "<topic>" is not delivered
      Given A is connected
      And B is connected
      And A is subscribed to "a/#" at QoS 0
      And B has published "before" to "a/b" at QoS 0
      And A has received "before" on "a/b"
      When B sends PUBLISH to the invalid Topic Name "<topic>"
      Then A receives no message

      Examples:
        | topic |
        | a/+   |
        | a/#   |
        | a/b+  |
        | a/#/b |
