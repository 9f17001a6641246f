using System.Globalization;
using Fovea.Hostile;

// Fovea.Hostile SUBJECT SEED COUNT: reads as many hostile files in a child process, and says what came of it.
// Fovea.Hostile --why SUBJECT SEED COUNT: reads them in this process, and says why most of them are refused: makers are good where much is accepted.
// Fovea.Hostile --show SUBJECT SEED ROUND: writes that file to standard output.
// Fovea.Hostile --child SUBJECT SEED FIRST COUNT PLACE: the child, which notes each round at PLACE before it begins.
if (args is ["--child", var name, var key, var first, var rounds, var place])
    return Campaign.Child(Campaign.Find(name), ulong.Parse(key, CultureInfo.InvariantCulture), Int(first), Int(rounds), place);
if (args is ["--why", var which, var start, var many])
    return Campaign.Why(Campaign.Find(which), ulong.Parse(start, CultureInfo.InvariantCulture), Int(many));
if (args is ["--show", var shown, var from, var round])
{
    using var output = Console.OpenStandardOutput();
    output.Write(Campaign.Find(shown).Make(new Choices(ulong.Parse(from, CultureInfo.InvariantCulture), (ulong)Int(round))));
    return 0;
}

if (args is [var subject, var seed, var count])
    return Campaign.Run(Campaign.Find(subject), ulong.Parse(seed, CultureInfo.InvariantCulture), Int(count));
Console.Error.WriteLine($"wanted SUBJECT SEED COUNT; subjects: {string.Join(", ", Campaign.Subjects.Select(s => s.Name))}");
return 2;

static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
