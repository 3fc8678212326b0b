//! The domain: documents, books and their numbers, tasks, people and rights, the working calendar.
