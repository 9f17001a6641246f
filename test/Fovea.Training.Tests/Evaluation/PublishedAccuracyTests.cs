using System.Globalization;
using Fovea.Training.Metrics;

namespace Fovea.Training.Tests.Evaluation;

/// <summary>Tables of accuracies per class that were published with a RepVGG-A0 of 89 classes, on both parts of its data, and what follows from them.</summary>
[Trait("row", "S0-10")]
public class PublishedAccuracyTests
{
    // Each class with the images that were recognised and all that it has, in the order of the publication.
    private const string Validation = """
        81:1/8 83:98/234 76:1/2 63:76/136 74:66/118 79:11/17 86:2/3 73:81/118 78:11/16 62:93/133 27:5/7 52:8/10 64:31/38 84:195/234 32:11/13
        82:199/234 65:32/36 33:9/10 8:85/94 39:19/21 80:115/127 41:29/32 7:40/44 14:20/22 5:10/11 70:279/306 72:108/118 53:23/25 75:239/259
        10:54/58 24:29/31 66:15/16 40:15/16 85:481/512 19:17/18 38:35/37 20:23/24 61:56/58 48:31/32 18:40/41 12:41/42 87:45/46 50:47/48 6:115/117
        44:64/65 4:81/82 43:170/172 67:29/29 68:1/1 69:1/1 71:115/115 60:30/30 58:10/10 59:210/210 77:17/17 57:26/26 0:22/22 55:23/23 1:29/29
        2:37/37 3:44/44 9:27/27 11:32/32 13:29/29 15:3/3 16:18/18 17:18/18 21:15/15 22:19/19 23:30/30 25:30/30 26:7/7 28:11/11 29:7/7 30:25/25
        31:7/7 34:8/8 35:7/7 36:11/11 37:11/11 42:25/25 45:2/2 46:8/8 47:45/45 49:14/14 51:50/50 54:60/60 56:1/1 88:15/15
        """;

    private const string Training = """
        81:1/8 86:8/31 76:11/27 83:889/2111 63:691/1224 79:90/154 74:625/1068 62:887/1202 52:73/98 78:118/153 73:833/1066 88:110/135 82:1797/2112
        64:297/347 84:1835/2110 65:287/327 72:965/1071 45:19/21 26:60/66 53:214/234 68:11/12 70:2595/2763 85:4342/4609 75:2200/2333 27:67/71
        80:1085/1147 39:191/198 22:166/172 33:89/92 77:150/155 15:31/32 16:157/162 10:509/524 8:823/846 18:361/369 9:239/244 48:287/293 14:201/205
        12:372/379 17:163/166 20:221/225 7:393/400 35:65/66 4:732/743 71:1024/1037 3:398/403 1:259/262 6:1041/1053 11:287/290 41:289/292
        61:525/530 36:106/107 30:223/225 57:241/243 32:121/122 47:410/413 24:277/279 40:148/149 38:338/340 43:1544/1553 54:538/541 44:590/593
        0:206/207 87:412/414 13:268/269 25:270/271 23:276/277 2:334/335 50:431/432 51:451/452 5:102/102 19:171/171 21:138/138 28:99/99 29:71/71
        31:69/69 59:1892/1892 60:274/274 42:232/232 46:74/74 49:131/131 69:15/15 67:264/264 66:146/146 55:211/211 56:15/15 58:98/98 34:79/79
        37:100/100
        """;

    [Theory]
    [InlineData(Validation, 4970, "88.2294", "91.6095")]
    [InlineData(Training, 45041, "89.8026", "92.0102")]
    public void Micro_and_macro_accuracy_agree_with_the_published_table_whose_rows_ascend(string table, int images, string micro, string macro)
    {
        var rows = Rows(table);
        var counter = new MetricsCounter([.. Enumerable.Range(0, rows.Length).Select(label => label.ToString(CultureInfo.InvariantCulture))]);
        foreach (var (label, correct, count) in rows)
            for (var i = 0; i < count; i++) counter.Add(Logits(i < correct ? label : (label + 1) % rows.Length, rows.Length), [label]);
        var metrics = counter.Result();
        Assert.Equal(images, metrics.Samples);
        Assert.Equal((micro, macro), (Percent(metrics.Micro), Percent(metrics.Macro)));
        Assert.Equal(metrics.Top1, metrics.Micro);
        Assert.Equal(rows.Select(row => Text((double)row.Correct / row.Count)), metrics.PerClass.Select(row => Text(row.Accuracy!.Value)));
        Assert.Equal(rows.Select(row => row.Label).Order(), metrics.PerClass.Select(row => row.Class).Order());
    }

    private static (int Label, int Correct, int Count)[] Rows(string table) =>
    [
        .. from row in table.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
           let numbers = row.Split(':', '/').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray()
           select (numbers[0], numbers[1], numbers[2]),
    ];

    private static float[] Logits(int largest, int classes)
    {
        var logits = new float[classes];
        logits[largest] = 1;
        return logits;
    }

    private static string Percent(double share) => (100 * share).ToString("F4", CultureInfo.InvariantCulture);

    private static string Text(double share) => share.ToString("F6", CultureInfo.InvariantCulture);
}
