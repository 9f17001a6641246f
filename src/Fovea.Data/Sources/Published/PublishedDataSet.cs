namespace Fovea.Data.Sources.Published;

/// <summary>A data set that its authors offer for download.</summary>
/// <param name="Name">How it is called: <c>cifar10</c>.</param>
/// <param name="Files">Its files.</param>
/// <param name="ClassNames">The classes, where the files do not name them; otherwise <see langword="null"/>.</param>
public sealed record PublishedDataSet(string Name, IReadOnlyList<PublishedFile> Files, IReadOnlyList<string>? ClassNames = null)
{
    private const string Toronto = "https://www.cs.toronto.edu/~kriz/";

    // The site of MNIST's authors offers the files no more; this is the mirror that PyTorch's torchvision names first.
    private const string Mnist = "https://ossci-datasets.s3.amazonaws.com/mnist/";
    private const string Fashion = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

    /// <summary>
    /// All that are known. Sums are those of the authors' pages (CIFAR, Fashion-MNIST) and of torchvision (MNIST); SHA-256 of TensorFlow Datasets.
    /// </summary>
    public static IReadOnlyList<PublishedDataSet> All { get; } =
    [
        new("cifar10",
        [
            new("cifar-10-binary.tar.gz", Toronto, "c32a1d4ab5d03f1284b67883e8d87530",
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", 170_052_171),
        ]),
        new("cifar100",
        [
            new("cifar-100-binary.tar.gz", Toronto, "03b5dce01913d631647c71ecec9e9cb8",
                "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec", 168_513_733),
        ]),
        new("mnist",
        [
            new("train-images-idx3-ubyte.gz", Mnist, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
            new("train-labels-idx1-ubyte.gz", Mnist, "d53e105ee54ea40749a09fcbcd1e9432"),
            new("t10k-images-idx3-ubyte.gz", Mnist, "9fb629c4189551a2d022fa330f9573f3"),
            new("t10k-labels-idx1-ubyte.gz", Mnist, "ec29112dd5afa0611ce80d1b7f02629c"),
        ]),
        new("fashion-mnist",
        [
            new("train-images-idx3-ubyte.gz", Fashion, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            new("train-labels-idx1-ubyte.gz", Fashion, "25c81989df183df01b3e8a0aad5dffbe"),
            new("t10k-images-idx3-ubyte.gz", Fashion, "bef4ecab320f06d8554ea6380940ec79"),
            new("t10k-labels-idx1-ubyte.gz", Fashion, "bb300cfdad3c16e7a12a480ee83cd310"),
        ],
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]),
    ];
}
