import unittest

from password import SETS, bits, generate


class PasswordTest(unittest.TestCase):
    def test_has_the_length_and_a_character_of_each_set(self):
        for _ in range(200):
            password = generate(8, list(SETS))
            self.assertEqual(len(password), 8)
            for characters in SETS.values():
                self.assertTrue(set(password) & set(characters))

    def test_uses_only_the_chosen_sets(self):
        self.assertRegex(generate(40, ["lower"]), r"^[a-z]{40}$")

    def test_never_repeats_itself(self):
        self.assertEqual(len({generate(20, ["lower", "digits"]) for _ in range(100)}), 100)

    def test_longer_is_stronger(self):
        self.assertGreater(bits(20, ["lower"]), bits(10, ["lower"]))


if __name__ == "__main__":
    unittest.main()
